using Sailfish.Server.Conversations;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Media.Sharing;

/// <summary>A server that is alone has all streams.</summary>
internal sealed class LoneStreams(StreamTable streams) : IStreamDirectory
{
    public ValueTask<(LiveStream? Stream, string? Refusal)> BeginAsync(RoomKey room, Publication publication) => ValueTask.FromResult(streams.Begin(room, publication));

    public SharedStream? Find(RoomKey room) => null;

    public SharedStream? FindElsewhere(RoomKey room) => null;

    public void OnChanged(Action<RoomKey> changed)
    {
    }
}
