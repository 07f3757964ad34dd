using Sailfish.Server.Media;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Tests.Server.Media;

/// <summary>Which streams there are on a node.</summary>
public sealed class StreamTableTests
{
    [Fact]
    public async Task A_stream_of_another_node_is_one_whoever_opens_it_and_takes_a_place()
    {
        using var parts = new MediaParts(new MediaOptions { MaxStreams = 1 });
        var stream = parts.Streams.OpenRelayed(MediaParts.Room)!;
        Assert.True(stream.IsRelayed);
        Assert.Same(stream, parts.Streams.OpenRelayed(MediaParts.Room));
        Assert.Null(parts.Streams.OpenRelayed(MediaParts.OtherRoom));
        // A publisher who comes here has it.
        var encoder = await parts.PublishAsync();
        Assert.Same(stream, parts.Streams.OpenRelayed(MediaParts.Room));
        Assert.False(stream.IsRelayed);
        Assert.True(parts.Streams.TryEnd(stream, CutReason.Stopped));
        Assert.False(parts.Streams.TryEnd(stream, CutReason.Stopped));
        Assert.NotNull(parts.Streams.OpenRelayed(MediaParts.OtherRoom));
        await encoder.LeaveAsync();
    }
}
