using Sailfish.Server.Conversations;
using Sailfish.Server.Living;

namespace Sailfish.Tests.Server.Living;

/// <summary>Streams that a test turns on and off.</summary>
internal sealed class HandStreams : IRoomStreams
{
    private readonly Dictionary<RoomKey, RoomStream> _streams = [];
    private Action<RoomKey>? _changed;

    /// <summary>Without telling anybody.</summary>
    public void Set(RoomKey room, RoomStream stream) => _streams[room] = stream;

    public void Tell(RoomKey room, RoomStream stream)
    {
        Set(room, stream);
        _changed?.Invoke(room);
    }

    public RoomStream Find(RoomKey room) => _streams.GetValueOrDefault(room);

    public string UrlFor(RoomKey room, UserKey user, string? pageSession) => Find(room).KeepsOpen ? $"/live/{room.RoomId}?for={user.UserId}" : "";

    public void OnChanged(Action<RoomKey> changed) => _changed = changed;
}
