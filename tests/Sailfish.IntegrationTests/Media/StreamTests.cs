using Sailfish.IntegrationTests.Harness;
using Sailfish.Media.Flv;

namespace Sailfish.IntegrationTests.Media;

/// <summary>A real encoder publishes, and what comes out can be played.</summary>
public sealed class StreamTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task What_an_encoder_publishes_is_watched_over_HTTP_and_WebSockets()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        using var viewer = await PageClient.SignUpAsync(_server);
        Assert.Equal("", await viewer.StreamUrlAsync(room));
        await using var encoder = await anchor.PublishAsync(room);
        await using var http = await Watcher.GetAsync(_server, await viewer.StreamUrlAsync(room));
        await using var web = await Watcher.OpenAsync(_server, await viewer.StreamUrlAsync(room));
        await using var chat = await Watcher.OpenAsync(_server, await viewer.StreamUrlAsync(room), _server.WebSocketPort);
        foreach (var watcher in new[] { http, web, chat })
        {
            await watcher.MoreAsync(TagKind.Video, 30);
            await watcher.MoreAsync(TagKind.Audio, 30);
            watcher.AssertPlayable();
        }

        var stream = await anchor.OkAsync("/living/stream", ("roomId", room));
        Assert.Equal(("live", 320L, 180L, "h264", "aac"), (stream.Text("state"), stream.Number("width"), stream.Number("height"), stream.Text("video"), stream.Text("audio")));
        Assert.Equal(3, stream.Number("viewers"));
        await Wait.UntilAsync(
            async () => await anchor.OkAsync("/living/stream", ("roomId", room)) is var now && now.Number("kbps") > 50 && now.Data["fps"]!.GetValue<double>() > 10 && now.Data["gopSeconds"]!.GetValue<double>() is > 0.9 and < 1.1,
            "its figures");
        anchor.Dispose();
    }

    [Theory]
    [InlineData("B-frames and a keyframe each four seconds", "-c:v libx264 -preset veryfast -bf 3 -pix_fmt yuv420p -g 100 -b:v 300k", Programme.Sound, "")]
    [InlineData("sound alone", null, Programme.Sound, "")]
    [InlineData("a picture alone", Programme.Picture, null, "")]
    [InlineData("MP3", Programme.Picture, "-c:a libmp3lame -ar 44100", "")]
    [InlineData("times beyond 24 bits", Programme.Picture, Programme.Sound, "-output_ts_offset 16775")]
    public async Task Whatever_an_encoder_sends_can_be_played(string what, string? video, string? audio, string more)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        await using var encoder = await anchor.PublishAsync(room, new Programme(video, audio) { More = more });
        await using var watcher = await Watcher.OpenAsync(_server, await anchor.StreamUrlAsync(room));
        if (video is not null)
            await watcher.MoreAsync(TagKind.Video, 110);
        if (audio is not null)
            await watcher.MoreAsync(TagKind.Audio, 30);
        Assert.True(watcher.Tags.Count > 0, what);
        Assert.Equal((video is not null, audio is not null), (watcher.Frames(TagKind.Video) > 0, watcher.Frames(TagKind.Audio) > 0));
        var frames = watcher.Tags.Where(tag => tag.Kind != TagKind.Script && TagInfo.Of(tag).IsFrame).ToList();
        // Continuous: no step is much longer than a frame.
        foreach (var track in frames.GroupBy(tag => tag.Kind))
            Assert.All(track.Zip(track.Skip(1)), pair => Assert.InRange((long)pair.Second.Timestamp - pair.First.Timestamp, 0, 200));
        anchor.Dispose();
    }

    [Fact]
    public async Task A_viewer_who_does_not_read_goes_on_with_the_newest_keyframe()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        // Enough bytes that sockets cannot hide them.
        await using var encoder = await anchor.PublishAsync(room, new Programme("-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 25 -b:v 6000k -minrate 6000k -maxrate 6000k -bufsize 1000k -nal-hrd cbr", null) { Size = "640x360" });
        await using var slow = await Watcher.OpenAsync(_server, await anchor.StreamUrlAsync(room));
        await using var quick = await Watcher.OpenAsync(_server, await anchor.StreamUrlAsync(room));
        await slow.MoreAsync(TagKind.Video, 5);
        slow.Pause();
        await using var stuck = await Watcher.GetAsync(_server, await anchor.StreamUrlAsync(room));
        await stuck.MoreAsync(TagKind.Video, 5);
        stuck.Pause();
        await quick.MoreAsync(TagKind.Video, 300);
        Assert.Equal(0, await LateAsync());
        // The kernel holds little for who does not read, whichever way he came.
        Assert.InRange(TcpQueues.MostToSend(_server.HttpPort, _server.WebSocketPort), 1, 512 * 1024);
        slow.GoOn();
        await Wait.UntilAsync(async () => await LateAsync() == 1, "the slow one to be late");
        var last = quick.Tags[^1].Timestamp;
        await Wait.UntilAsync(() => slow.Tags[^1].Timestamp > last);
        slow.AssertPlayable();
        var times = slow.Tags.Where(tag => TagInfo.Of(tag).IsFrame).ToList();
        var gap = times.Zip(times.Skip(1)).First(pair => pair.Second.Timestamp - pair.First.Timestamp > 2000);
        Assert.True(TagInfo.Of(gap.Second).IsKey);
        quick.AssertPlayable();
        anchor.Dispose();

        async Task<long> LateAsync() => (await anchor.OkAsync("/living/stream", ("roomId", room))).Number("droppedViewers");
    }
}
