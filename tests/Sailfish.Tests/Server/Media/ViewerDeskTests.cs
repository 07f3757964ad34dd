using System.Net;
using Sailfish.Server.Media;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Tests.Server.Media;

/// <summary>How many watch, and for how long without taking anything.</summary>
public sealed class ViewerDeskTests
{
    [Fact]
    public async Task Of_an_address_and_in_all_so_many_watch_and_places_are_given_back()
    {
        using var parts = new MediaParts(new MediaOptions { Anonymous = true, MaxViewersPerAddress = 2, MaxViewers = 3 });
        var encoder = await parts.PublishAsync();
        var first = await AskAsync(parts, "192.0.2.1");
        Assert.Equal((ViewRefusal.None, ViewRefusal.None), (first.Refusal, (await AskAsync(parts, "192.0.2.1")).Refusal));
        Assert.Equal(ViewRefusal.Full, (await AskAsync(parts, "192.0.2.1")).Refusal);
        Assert.Equal(ViewRefusal.None, (await AskAsync(parts, "192.0.2.2")).Refusal);
        Assert.Equal(ViewRefusal.Full, (await AskAsync(parts, "192.0.2.3")).Refusal);
        parts.Viewers.Return(first.Pass!);
        Assert.Equal(ViewRefusal.None, (await AskAsync(parts, "192.0.2.1")).Refusal);
        await encoder.LeaveAsync();
    }

    [Fact]
    public async Task A_viewer_that_takes_no_byte_for_thirty_seconds_is_cut()
    {
        using var parts = new MediaParts();
        var encoder = await parts.PublishAsync();
        var transport = new SlowTransport();
        var viewer = parts.Watch(transport);
        // Its encoder goes on.
        for (var second = 5u; second <= 30; second += 5)
        {
            Assert.Null(transport.Aborted);
            parts.Time.Advance(TimeSpan.FromSeconds(5));
            await encoder.WriteAsync(TestTags.Key(second * 1000));
            await Wait.UntilAsync(() => parts.Stream.Stats.LastAt == parts.Time.GetTimestamp());
            await parts.Sweep.SweepAsync();
        }

        Assert.False(viewer.Done.IsCompleted);
        await parts.PassAsync(TimeSpan.FromMilliseconds(1));
        Assert.NotNull(transport.Aborted);
        Assert.True(viewer.Done.IsCompleted);
        await encoder.LeaveAsync();
    }

    [Fact]
    public async Task A_token_is_good_for_a_minute_to_begin_with()
    {
        using var parts = new MediaParts();
        var encoder = await parts.PublishAsync();
        var token = parts.Tokens.Mint(MediaParts.Room, MediaParts.Other, pageSession: null);
        parts.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(ViewRefusal.None, (await AskAsync(parts, "192.0.2.1", token)).Refusal);
        parts.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ViewRefusal.NoToken, (await AskAsync(parts, "192.0.2.1", token)).Refusal);
        await encoder.LeaveAsync();
    }

    private static async Task<ViewAnswer> AskAsync(MediaParts parts, string address, string? token = null) =>
        await parts.Viewers.AskAsync(new ViewRequest(MediaParts.Room.RoomId, token), new IPEndPoint(IPAddress.Parse(address), 1), CancellationToken.None);
}
