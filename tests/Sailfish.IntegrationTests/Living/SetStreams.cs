using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;

namespace Sailfish.IntegrationTests.Living;

/// <summary>Streams as a test sets them.</summary>
internal sealed class SetStreams : IRoomStreams
{
    private readonly ConcurrentDictionary<RoomKey, RoomStream> _streams = new();

    public void Set(RoomKey room, RoomStream stream) => _streams[room] = stream;

    public RoomStream Find(RoomKey room) => _streams.GetValueOrDefault(room);

    public string UrlFor(RoomKey room, UserKey user, string? pageSession) => "";

    public void OnChanged(Action<RoomKey> changed)
    {
    }
}
