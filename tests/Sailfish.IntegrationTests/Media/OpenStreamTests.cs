using System.Net;
using System.Security.Cryptography;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Media.Flv;

namespace Sailfish.IntegrationTests.Media;

/// <summary>Streams that need no token: what is answered, and to how many.</summary>
public sealed class OpenStreamTests(ServerFixture<ForAnybody> fixture) : IClassFixture<ServerFixture<ForAnybody>>
{
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task Two_hundred_who_watch_get_the_same_bytes()
    {
        const int viewers = 200;
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        await using var encoder = await anchor.PublishAsync(room);
        var path = $"/live/{room}.flv";
        var watchers = await Task.WhenAll(Enumerable.Range(0, viewers).Select(number => number % 2 == 0 ? Watcher.OpenAsync(_server, path) : Watcher.GetAsync(_server, path)));
        Assert.Equal(viewers, (await anchor.OkAsync("/living/stream", ("roomId", room))).Number("viewers"));
        await Wait.UntilAsync(() => watchers.All(watcher => watcher.Newest > 0));
        // From here on nobody has begun later; a second of it has a keyframe.
        var from = watchers.Max(watcher => watcher.Newest) + 200;
        await Wait.UntilAsync(() => watchers.All(watcher => watcher.Newest > from + 1200));
        var seen = watchers.Select(watcher => Between(watcher, from, from + 1000)).ToList();
        Assert.True(seen[0].Count(tag => tag.Kind == TagKind.Video) >= 24);
        Assert.Contains(seen[0], tag => tag.Kind == TagKind.Video && TagInfo.Of(tag).IsKey);
        Assert.Contains(seen[0], tag => tag.Kind == TagKind.Audio);
        Assert.Single(seen.Select(Digest).Distinct());
        foreach (var watcher in watchers)
            await watcher.DisposeAsync();
        anchor.Dispose();
    }

    [Fact]
    public async Task The_tutorials_address_gives_the_same()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        await using var encoder = await anchor.PublishAsync(room);
        foreach (var path in new[] { $"/flv?app=live&stream={room}", $"/flv?app=live&&stream={room}", $"/live/{room}.flv" })
        {
            await using var watcher = await Watcher.GetAsync(_server, path);
            await watcher.MoreAsync(TagKind.Video, 10);
            watcher.AssertPlayable();
        }

        Assert.Equal(HttpStatusCode.NotFound, (await _server.Http.GetAsync($"/flv?app=other&stream={room}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Http.GetAsync("/flv?app=live")).StatusCode);
        anchor.Dispose();
    }

    [Fact]
    public async Task A_room_without_a_stream_says_when_to_come_back()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        var answer = await _server.Http.GetAsync($"/live/{room}.flv");
        Assert.Equal((HttpStatusCode.NotFound, TimeSpan.FromSeconds(1)), (answer.StatusCode, answer.Headers.RetryAfter!.Delta));
        var none = await _server.Http.GetAsync("/live/1999999.flv");
        Assert.Equal((HttpStatusCode.NotFound, null), (none.StatusCode, none.Headers.RetryAfter));
        foreach (var path in new[] { $"/live/{room}.flv", "/live/1999999.flv", "/live/x.flv" })
        {
            await using var watcher = await Watcher.OpenAsync(_server, path);
            await watcher.Ended.WaitAsync(Wait.Limit);
            Assert.Equal(4404, watcher.CloseCode);
        }

        anchor.Dispose();
    }

    [Fact]
    public async Task What_may_be_kept_by_whom_and_shown_on_which_page_is_said_before_the_stream()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        await using var encoder = await anchor.PublishAsync(room);
        var path = $"/live/{room}.flv";
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            // A part of what has no end is all of it.
            using var own = await AskAsync(method, path, origin: null, range: "bytes=100-200");
            Assert.Equal((HttpStatusCode.OK, "video/x-flv", "no-store"), (own.StatusCode, own.Content.Headers.ContentType?.ToString(), own.Headers.CacheControl?.ToString()));
            Assert.Equal("no", own.Headers.GetValues("X-Accel-Buffering").Single());
            Assert.False(own.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.Equal(method == HttpMethod.Get ? 'F' : -1, (await own.Content.ReadAsStreamAsync()).ReadByte());
            foreach (var origin in new[] { "https://tv.example", $"http://127.0.0.1:{_server.HttpPort}" })
            {
                using var allowed = await AskAsync(method, path, origin);
                Assert.Equal((HttpStatusCode.OK, origin, "Origin"), (allowed.StatusCode, allowed.Headers.GetValues("Access-Control-Allow-Origin").Single(), allowed.Headers.Vary.Single()));
            }

            using var foreign = await AskAsync(method, path, "https://evil.example");
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
            Assert.False(foreign.Headers.Contains("Access-Control-Allow-Origin"));
            using var none = await AskAsync(method, "/live/1999999.flv", origin: null);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }

        await Wait.UntilAsync(async () => (await anchor.OkAsync("/living/stream", ("roomId", room))).Number("viewers") == 0, "all to have gone");
        anchor.Dispose();
    }

    private static List<FlvTag> Between(Watcher watcher, uint from, uint to) => [.. watcher.Tags.Where(tag => tag.Timestamp >= from && tag.Timestamp < to)];

    private static string Digest(List<FlvTag> tags) => Convert.ToHexString(SHA256.HashData(
        tags.SelectMany(tag => (byte[])[(byte)tag.Kind, .. BitConverter.GetBytes(tag.Timestamp), .. tag.Body.Span]).ToArray()));

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string? origin, string? range = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (range is not null)
            request.Headers.Add("Range", range);
        return await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Wait.Limit);
    }
}
