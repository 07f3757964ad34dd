using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Media.Flv;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.IntegrationTests.Media;

/// <summary>Streams that come in through one node, and are watched on others. The third node does not say where it is reached.</summary>
public sealed class ClusterStreamTests(ClusterFixture<Relaying> fixture) : IClassFixture<ClusterFixture<Relaying>>
{
    /// <summary>What a node hears of within a second, on a machine that others keep busy.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <summary>A lease, a second, and what a busy machine adds.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(25);

    private ServerCluster Cluster => fixture.Cluster;

    private ServerProcess One => Cluster[0];

    private ServerProcess Two => Cluster[1];

    private ServerProcess Three => Cluster[2];

    [Fact]
    public async Task Viewers_on_another_node_share_one_fetch_which_ends_with_the_last_of_them()
    {
        await Cluster.HealAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var encoder = await anchor.PublishAsync(room);
        await StateAsync(viewer, room, "live");
        var config = await viewer.At(Three).OkAsync("/living/anchorConfig", ("roomId", room));
        Assert.StartsWith($"/live/{room}.flv?token=", config.Text("streamUrl"));
        List<Watcher> watchers = [];
        var url = await viewer.StreamUrlAsync(room);
        for (var i = 0; i < 6; i++)
            watchers.Add(await (i % 2 == 0 ? Watcher.OpenAsync(Two, url) : Watcher.GetAsync(Two, url)));
        foreach (var watcher in watchers)
        {
            await watcher.MoreAsync(TagKind.Video, 30);
            await watcher.MoreAsync(TagKind.Audio, 20);
            watcher.AssertPlayable();
        }

        Assert.Equal(1, Count(One, $"fetches the stream of room {room}"));
        // A token is the cluster's, and a stream's figures are told by any node.
        await using (var own = await Watcher.OpenAsync(One, url))
        {
            await own.MoreAsync(TagKind.Video, 5);
            foreach (var node in Cluster.Nodes)
            {
                var told = await node.GetAsync($"api/v1/rooms/{room}/stream");
                Assert.Equal(("live", 320, "h264"), (told["state"]!.GetValue<string>(), told["width"]!.GetValue<int>(), told["video"]!.GetValue<string>()));
                // A node that does not answer in time is left out.
                await Wait.UntilAsync(async () => (await node.GetAsync($"api/v1/rooms/{room}/stream"))["viewers"]!.GetValue<int>() == 7, "all viewers to be told");
                await Wait.UntilAsync(async () => (await anchor.At(node).OkAsync("/living/stream", ("roomId", room))).Number("viewers") == 7, "all viewers to be told to the page");
            }
        }

        foreach (var watcher in watchers)
            await watcher.DisposeAsync();
        await Two.SaidAsync($"room {room} is fetched from other nodes no more");
        await using var again = await Watcher.OpenAsync(Two, await viewer.StreamUrlAsync(room));
        await again.MoreAsync(TagKind.Video, 5);
        Assert.Equal(2, Count(One, $"fetches the stream of room {room}"));
    }

    [Fact]
    public async Task A_publisher_on_another_node_takes_over_and_viewers_everywhere_go_on()
    {
        await Cluster.HealAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var first = await anchor.PublishAsync(room);
        await StateAsync(viewer, room, "live");
        await using var onOne = await WatchAsync(viewer, One, room);
        await using var onTwo = await WatchAsync(viewer, Two, room);
        var key = await anchor.KeyAsync(room);
        await using var second = Encoder.Start(Encoder.Address(Two, key), new Programme { Size = "640x360" });
        await first.EndAsync();
        await using (var back = Encoder.Start(Encoder.Address(One, key)))
            Assert.NotEmpty(await back.EndAsync());
        foreach (var watcher in new[] { onOne, onTwo })
        {
            await watcher.MoreAsync(TagKind.Video, 30);
            watcher.AssertPlayable();
            Assert.Equal(2, watcher.Tags.Where(tag => tag.Kind == TagKind.Video && TagInfo.Of(tag).IsHeader).Select(tag => Convert.ToHexString(tag.Body.Span)).Distinct().Count());
        }

        Assert.False(second.HasExited);
        Assert.Equal(1, await Cluster.CountAsync($"SELECT count(*) FROM stream WHERE room_id = {room} AND width = 640"));
        await StateAsync(viewer, room, "live");
    }

    [Fact]
    public async Task A_publisher_who_was_lost_is_away_on_all_nodes_and_comes_back_through_another()
    {
        await Cluster.HealAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var first = await anchor.PublishAsync(room);
        await StateAsync(viewer, room, "live");
        await using var onOne = await WatchAsync(viewer, One, room);
        await using var onTwo = await WatchAsync(viewer, Two, room);
        await first.KillAsync();
        await StateAsync(viewer, room, "away");
        // The newest picture, also for one for whom it is fetched now.
        await using (var late = await Watcher.OpenAsync(Two, await viewer.StreamUrlAsync(room)))
            await Wait.UntilAsync(() => late.Frames(TagKind.Video) > 0);
        await using var second = Encoder.Start(Encoder.Address(Two, await anchor.KeyAsync(room)));
        foreach (var watcher in new[] { onOne, onTwo })
        {
            await watcher.MoreAsync(TagKind.Video, 30);
            watcher.AssertPlayable();
        }

        await StateAsync(viewer, room, "live");
        await second.StopAsync();
        await StateAsync(viewer, room, "off");
        await onOne.Ended.WaitAsync(Wait.Limit);
        await onTwo.Ended.WaitAsync(Wait.Limit);
        Assert.Equal((1000, 1000), (onOne.CloseCode, onTwo.CloseCode));
        Assert.Equal(0, await Cluster.CountAsync($"SELECT count(*) FROM stream WHERE room_id = {room}"));
    }

    [Fact]
    public async Task A_node_that_is_killed_takes_its_streams_along_and_they_begin_anew_elsewhere()
    {
        await Cluster.HealAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(Two);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var first = await anchor.At(One).PublishAsync(room);
        await StateAsync(viewer, room, "live");
        await using var watcher = await WatchAsync(viewer, Two, room);
        await One.KillAsync();
        try
        {
            foreach (var node in new[] { Two, Three })
                await Wait.UntilAsync(async () => await StateAsync(viewer.At(node), room) == "off", GivenUp, "the stream to be off");
            await watcher.Ended.WaitAsync(Wait.Limit);
            Assert.Equal(1000, watcher.CloseCode);
            await using var second = await anchor.At(Two).PublishAsync(room);
            await using var again = await WatchAsync(viewer, Two, room);
            await Wait.UntilAsync(async () => await StateAsync(viewer.At(Three), room) == "live", Soon, "the stream to be live");
        }
        finally
        {
            await One.StartAgainAsync();
            await Cluster.ReadyAsync();
        }
    }

    [Theory]
    [InlineData("key")]
    [InlineData("kick")]
    [InlineData("suspend")]
    [InlineData("stop")]
    [InlineData("close")]
    public async Task A_publisher_is_cut_from_any_node(string how)
    {
        await Cluster.HealAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var encoder = await anchor.PublishAsync(room);
        await StateAsync(viewer, room, "live");
        await using var watcher = await WatchAsync(viewer, Two, room);
        switch (how)
        {
            case "key": await anchor.At(Two).OkAsync("/living/resetStreamKey", ("roomId", room)); break;
            case "kick": await Two.Http.PostJsonAsync($"/api/v1/users/{anchor.UserId}/kick", "{}"); break;
            case "suspend": await Two.Http.PostJsonAsync($"/api/v1/users/{anchor.UserId}/suspend", "{}"); break;
            case "stop": Assert.True((await Two.Http.DeleteAsync($"/api/v1/rooms/{room}/stream")).IsSuccessStatusCode); break;
            default: await anchor.At(Two).OkAsync("/living/closeLiving", ("roomId", room)); break;
        }

        await Wait.UntilAsync(() => encoder.HasExited, Soon, () => "the encoder to be cut");
        if (how is not ("stop" or "close"))
            return;
        await watcher.Ended.WaitAsync(Soon);
        Assert.Equal(1000, watcher.CloseCode);
    }

    [Theory]
    [InlineData("kick")]
    [InlineData("suspend")]
    [InlineData("remove")]
    [InlineData("put out")]
    [InlineData("sign out")]
    public async Task Who_is_put_out_on_one_node_sees_no_more_on_another(string how)
    {
        await Cluster.HealAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var encoder = await anchor.PublishAsync(room);
        await StateAsync(viewer, room, "live");
        await using var watcher = await WatchAsync(viewer, Two, room);
        await using var stays = await WatchAsync(anchor, Two, room);
        switch (how)
        {
            case "kick": await Three.Http.PostJsonAsync($"/api/v1/users/{viewer.UserId}/kick", "{}"); break;
            case "suspend": await Three.Http.PostJsonAsync($"/api/v1/users/{viewer.UserId}/suspend", "{}"); break;
            case "remove": await anchor.At(Three).OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId)); break;
            case "put out": await Three.Http.PostJsonAsync($"/api/v1/rooms/{room}/kick", $$"""{"userId":{{viewer.UserId}}}"""); break;
            default: await viewer.At(Three).OkAsync("/account/logout"); break;
        }

        await watcher.Ended.WaitAsync(Soon);
        Assert.Equal(1008, watcher.CloseCode);
        await stays.MoreAsync(TagKind.Video, 10);
    }

    [Fact]
    public async Task Without_an_address_of_the_node_that_has_it_a_stream_is_refused_elsewhere_with_the_reason()
    {
        await Cluster.HealAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(Three);
        using var viewer = await PageClient.SignUpAsync(One);
        await using var encoder = await anchor.PublishAsync(room);
        await StateAsync(viewer, room, "live");
        var url = await viewer.StreamUrlAsync(room);
        using var refused = await One.Http.GetAsync(url);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("\"no_relay\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await using (var watcher = await Watcher.OpenAsync(One, url))
        {
            await watcher.Ended.WaitAsync(Wait.Limit);
            Assert.Equal(1013, watcher.CloseCode);
        }

        await One.SaidAsync("has no Sailfish:Cluster:Advertise");
        await using var there = await WatchAsync(viewer, Three, room);
    }

    [Fact]
    public async Task Only_a_node_fetches_only_that_room_and_nothing_in_a_circle()
    {
        await Cluster.HealAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(One);
        using var viewer = await PageClient.SignUpAsync(Two);
        await using var encoder = await anchor.PublishAsync(room);
        await StateAsync(viewer, room, "live");
        await using var watcher = await WatchAsync(viewer, Two, room);
        var token = await RelayTokenAsync(room);
        var watching = await viewer.StreamUrlAsync(room);
        foreach (var (node, of, bearer, status) in new[]
        {
            (One, room, null, HttpStatusCode.Unauthorized),
            (One, room, "nonsense", HttpStatusCode.Unauthorized),
            (One, room, One.ApiKey, HttpStatusCode.Unauthorized),
            (One, room, watching[(watching.IndexOf("token=", StringComparison.Ordinal) + 6)..], HttpStatusCode.Unauthorized),
            (One, room, await RelayTokenAsync(room, TimeSpan.FromSeconds(-1)), HttpStatusCode.Unauthorized),
            (One, room, await RelayTokenAsync(room + 1), HttpStatusCode.Forbidden),
            (Two, room, token, HttpStatusCode.LoopDetected),
            (Three, room, token, HttpStatusCode.LoopDetected),
            (One, room, token, HttpStatusCode.OK),
        })
        {
            using var answer = await FetchAsync(node, of, bearer);
            Assert.Equal(status, answer.StatusCode);
        }

        using var other = await One.Http.GetAsync($"/live/{room}.flv?token={token}");
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
        foreach (var node in Cluster.Nodes)
            Assert.DoesNotContain(token, node.Output, StringComparison.Ordinal);
    }

    private static int Count(ServerProcess node, string said) => node.Output.Split(said).Length - 1;

    private static async Task<string> StateAsync(PageClient viewer, long room) => (await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Text("stream");

    private static async Task<Watcher> WatchAsync(PageClient viewer, ServerProcess node, long room)
    {
        var watcher = await Watcher.OpenAsync(node, await viewer.At(node).StreamUrlAsync(room));
        await watcher.MoreAsync(TagKind.Video, 5);
        return watcher;
    }

    private static async Task<HttpResponseMessage> FetchAsync(ServerProcess node, long room, string? token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{node.HttpPort}/internal/live/{node.AppId}/{room}.flv"));
        request.Headers.Add("Sailfish-Relay", "1");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Waits until the room's stream is so on every node.</summary>
    private Task StateAsync(PageClient viewer, long room, string state) =>
        Cluster.EverywhereAsync(async node => (await viewer.At(node).OkAsync("/living/anchorConfig", ("roomId", room))).Data["stream"]?.GetValue<string>() == state, $"the stream to be {state}", Soon);

    /// <summary>As a node makes one.</summary>
    private async Task<string> RelayTokenAsync(long room, TimeSpan? life = null)
    {
        var secret = Convert.FromBase64String(await Cluster.Postgres.SqlAsync("SELECT secret FROM media_secret", Cluster.Database));
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes("relay token"));
        var now = TimeProvider.System.GetUtcNow();
        return PurposeTokens.Mint(key, "relay", new PurposeToken(new UserKey(One.AppId, 1), room, now.ToUnixTimeMilliseconds(), null), now + (life ?? TimeSpan.FromSeconds(60)));
    }
}
