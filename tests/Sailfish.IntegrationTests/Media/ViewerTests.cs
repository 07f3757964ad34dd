using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Media.Flv;

namespace Sailfish.IntegrationTests.Media;

/// <summary>Who may watch, and who may not any more.</summary>
public sealed class ViewerTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task A_token_opens_the_stream_of_its_room_and_nothing_else()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        var (other, otherRoom) = await PageClient.GoLiveAsync(_server);
        using var viewer = await PageClient.SignUpAsync(_server);
        await using var encoder = await anchor.PublishAsync(room);
        var url = await viewer.StreamUrlAsync(room);
        var token = url[(url.IndexOf("token=", StringComparison.Ordinal) + 6)..];
        var login = (await viewer.OkAsync("/im/getImConfig")).Text("token");
        foreach (var (path, status, code) in new[]
        {
            ($"/live/{room}.flv", HttpStatusCode.Unauthorized, 1008),
            ($"/live/{room}.flv?token={login}", HttpStatusCode.Unauthorized, 1008),
            ($"/live/{room}.flv?token={token}x", HttpStatusCode.Unauthorized, 1008),
            ($"/live/{otherRoom}.flv?token={token}", HttpStatusCode.Forbidden, 1008),
            ("/live/nonsense.flv", HttpStatusCode.Unauthorized, 1008),
        })
        {
            Assert.Equal(status, (await _server.Http.GetAsync(path)).StatusCode);
            await using var refused = await Watcher.OpenAsync(_server, path);
            await refused.Ended.WaitAsync(Wait.Limit);
            Assert.Equal(code, refused.CloseCode);
        }

        // As often as one likes, and for nothing but that.
        for (var i = 0; i < 3; i++)
        {
            await using var watcher = await Watcher.OpenAsync(_server, url);
            await watcher.MoreAsync(TagKind.Video, 1);
        }

        await using var client = await TestClient.OpenAsync(_server.TcpPort);
        await client.SendAsync(Code.Login, new JsonObject { ["token"] = token, ["userId"] = viewer.UserId, ["appId"] = _server.AppId, ["protocol"] = 2 });
        Assert.Equal("bad_token", (await client.ReceiveAsync(Code.Error)).Text("error"));
        Assert.DoesNotContain(token, _server.Output);
        anchor.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task Without_video_there_is_nothing_of_it()
    {
        await using var server = await ServerProcess.StartAsync([.. ForPageCalls.Settings, "Media:Enabled=false"]);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        Assert.DoesNotContain(" rtmp ", server.Output);
        Assert.Equal("", await anchor.StreamUrlAsync(room));
        foreach (var path in new[] { $"/live/{room}.flv", $"/flv?app=live&stream={room}", "/live/publish" })
            Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync(path)).StatusCode);
        foreach (var path in new[] { "/living/stream", "/living/resetStreamKey" })
            Assert.Equal(HttpStatusCode.NotFound, (await server.Http.PostAsync(path, null)).StatusCode);
        foreach (var port in new[] { server.HttpPort, server.WebSocketPort })
            Assert.Equal(HttpStatusCode.NotFound, await UpgradeAsync(port, $"/live/{room}.flv"));
        anchor.Dispose();
    }

    [Fact]
    public async Task An_address_in_other_letters_or_with_a_slash_behind_is_none()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        await using var encoder = await anchor.PublishAsync(room);
        var url = await anchor.StreamUrlAsync(room);
        var query = url[url.IndexOf('?', StringComparison.Ordinal)..];
        foreach (var path in new[] { $"/FLV{query}&app=live&stream={room}", $"/flv/{query}&app=live&stream={room}", $"/live/{room}.flv/{query}", $"/live/{room}.FLV{query}", $"/LIVE/{room}.flv{query}", "/live/.flv/" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _server.Http.GetAsync(path)).StatusCode);
            foreach (var port in new[] { _server.HttpPort, _server.WebSocketPort })
                Assert.Equal(HttpStatusCode.NotFound, await UpgradeAsync(port, path));
        }

        using var foreign = new HttpRequestMessage(HttpMethod.Get, $"/live/{room}.flv");
        foreign.Headers.Add("Origin", "https://evil.example");
        // Whether there is a good token is looked at first.
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.Http.SendAsync(foreign)).StatusCode);
        Assert.DoesNotContain(" fail: ", _server.Output);
        anchor.Dispose();
    }

    [Theory]
    [InlineData("kick")]
    [InlineData("suspend")]
    [InlineData("remove")]
    [InlineData("put out")]
    [InlineData("sign out")]
    public async Task Who_is_put_out_sees_no_more(string how)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        using var viewer = await PageClient.SignUpAsync(_server);
        await using var encoder = await anchor.PublishAsync(room);
        var url = await viewer.StreamUrlAsync(room);
        await using var web = await Watcher.OpenAsync(_server, url);
        await using var http = await Watcher.GetAsync(_server, url);
        await web.MoreAsync(TagKind.Video, 5);
        switch (how)
        {
            case "kick": await _server.Http.PostJsonAsync($"/api/v1/users/{viewer.UserId}/kick", "{}"); break;
            case "suspend": await _server.Http.PostJsonAsync($"/api/v1/users/{viewer.UserId}/suspend", "{}"); break;
            case "remove": await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId)); break;
            case "put out": await _server.Http.PostJsonAsync($"/api/v1/rooms/{room}/kick", $$"""{"userId":{{viewer.UserId}}}"""); break;
            default: await viewer.OkAsync("/account/logout"); break;
        }

        await web.Ended.WaitAsync(Wait.Limit);
        await http.Ended.WaitAsync(Wait.Limit);
        Assert.Equal(1008, web.CloseCode);
        if (how is "remove")
            Assert.Equal("", await viewer.StreamUrlAsync(room));
        if (how is not "put out")
            Assert.Equal(HttpStatusCode.Forbidden, (await _server.Http.GetAsync(url)).StatusCode);
        anchor.Dispose();
    }

    [Fact]
    public async Task There_is_a_place_for_so_many_and_it_is_given_back()
    {
        await using var server = await ServerProcess.StartAsync([.. ForPageCalls.Settings, "Media:MaxViewersPerUser=2", "Media:MaxViewersPerStream=3"]);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var viewer = await PageClient.SignUpAsync(server);
        await using var encoder = await anchor.PublishAsync(room);
        var (url, anchors) = (await viewer.StreamUrlAsync(room), await anchor.StreamUrlAsync(room));
        await using var first = await Watcher.OpenAsync(server, url);
        var second = await Watcher.GetAsync(server, url);
        await first.MoreAsync(TagKind.Video, 1);
        await second.MoreAsync(TagKind.Video, 1);
        var full = await server.Http.GetAsync(url);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, full.StatusCode);
        Assert.NotNull(full.Headers.RetryAfter);
        await using (var third = await Watcher.OpenAsync(server, anchors))
        {
            await third.MoreAsync(TagKind.Video, 1);
            await using var fourth = await Watcher.OpenAsync(server, anchors);
            await fourth.Ended.WaitAsync(Wait.Limit);
            Assert.Equal(1013, fourth.CloseCode);
        }

        await second.DisposeAsync();
        await Wait.UntilAsync(async () => (await anchor.OkAsync("/living/stream", ("roomId", room))).Number("viewers") == 1, "the others to be gone");
        await using var again = await Watcher.GetAsync(server, url);
        await again.MoreAsync(TagKind.Video, 1);
        anchor.Dispose();
    }

    /// <summary>Each has a connection for messages beside it.</summary>
    [Fact]
    public async Task A_crowd_that_watches_leaves_places_to_talk()
    {
        await using var server = await ServerProcess.StartAsync([.. ForPageCalls.Settings, "Gateway:MaxConnections=8"]);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        await using var encoder = await anchor.PublishAsync(room);
        var url = await anchor.StreamUrlAsync(room);
        var crowd = new List<Watcher>();
        for (var i = 0; i < 4; i++)
        {
            crowd.Add(await Watcher.OpenAsync(server, url));
            await crowd[i].MoreAsync(TagKind.Video, 1);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await UpgradeAsync());
        await using var talker = await TestClient.LogInAsync(server, 10001, Transport.WebSocketJson);
        await crowd[0].DisposeAsync();
        await Wait.UntilAsync(async () => await UpgradeAsync() == HttpStatusCode.SwitchingProtocols, "the place that was given back");
        Assert.Empty(await talker.FlushAsync());
        foreach (var watcher in crowd[1..])
            await watcher.DisposeAsync();
        anchor.Dispose();

        async Task<HttpStatusCode> UpgradeAsync()
        {
            using var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            try
            {
                await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.HttpPort}{url}"), CancellationToken.None).WaitAsync(Wait.Limit);
            }
            catch (WebSocketException) when (socket.HttpStatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Assert.Contains("Retry-After", socket.HttpResponseHeaders!.Keys);
            }

            return socket.HttpStatusCode;
        }
    }

    [Fact]
    public async Task A_server_that_stops_says_so()
    {
        await using var server = await ServerProcess.StartAsync(ForPageCalls.Settings);
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        await using var encoder = await anchor.PublishAsync(room);
        await using var watcher = await Watcher.OpenAsync(server, await anchor.StreamUrlAsync(room));
        await watcher.MoreAsync(TagKind.Video, 1);
        await server.StopAsync();
        await watcher.Ended.WaitAsync(Wait.Limit);
        Assert.Equal(1001, watcher.CloseCode);
        await encoder.EndAsync();
        anchor.Dispose();
    }

    /// <summary>What an upgrade to a WebSocket that is refused is answered with.</summary>
    private static async Task<HttpStatusCode> UpgradeAsync(int port, string path)
    {
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}{path}"), CancellationToken.None).WaitAsync(Wait.Limit));
        return socket.HttpStatusCode;
    }
}
