using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Media.Flv;

namespace Sailfish.IntegrationTests.Media;

/// <summary>Who may publish, who comes back, and who is cut.</summary>
public sealed class PublisherTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task Wrong_keys_rooms_and_applications_are_refused_and_never_logged()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        var (other, otherRoom) = await PageClient.GoLiveAsync(_server);
        var key = await anchor.KeyAsync(room);
        var wrong = key[..^1] + (key[^1] == 'A' ? 'B' : 'A');
        foreach (var target in new[] { wrong, "nonsense-that-is-secret", $"{otherRoom}?key={key}", $"{room}?key={wrong}", $"{anchor.UserId}-" })
        {
            await using var encoder = Encoder.Start(Encoder.Address(_server, target));
            Assert.NotEmpty(await encoder.EndAsync());
        }

        await using (var encoder = Encoder.Start(Encoder.Address(_server, key).Replace("/live/", "/studio/", StringComparison.Ordinal)))
            Assert.NotEmpty(await encoder.EndAsync());
        Assert.Equal("off", await anchor.StateAsync(room));
        await using (var encoder = Encoder.Start(Encoder.Address(_server, $"{room}?key={key}")))
            await anchor.UntilAsync(room, "live");
        Assert.Contains("refused", _server.Output);
        foreach (var secret in new[] { key, wrong, "nonsense-that-is-secret" })
            Assert.DoesNotContain(secret, _server.Output);
        anchor.Dispose();
        other.Dispose();
    }

    [Fact]
    public async Task The_key_is_its_anchors_alone_and_the_same_for_each_room()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        using var viewer = await PageClient.SignUpAsync(_server);
        var key = await anchor.KeyAsync(room);
        Assert.Matches($"^{anchor.UserId}-[A-Za-z0-9_-]{{24}}$", key);
        Assert.Equal(501, (await viewer.PostAsync("/living/stream", ("roomId", room))).Code);
        Assert.Equal(501, (await viewer.PostAsync("/living/resetStreamKey", ("roomId", room))).Code);
        Assert.Equal(403, (await viewer.PostAsync("/living/stream")).Code);
        Assert.Equal(403, (await viewer.PostAsync("/living/resetStreamKey")).Code);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal(501, (await anchor.PostAsync("/living/stream", ("roomId", room))).Code);
        var withoutRoom = await anchor.OkAsync("/living/stream");
        Assert.Equal((key, "off", $"rtmp://127.0.0.1:{_server.RtmpPort}/live"), (withoutRoom.Text("key"), withoutRoom.Text("state"), withoutRoom.Text("server")));
        Assert.Equal(key, await anchor.KeyAsync(await anchor.StartAsync()));
        anchor.Dispose();
    }

    [Fact]
    public async Task Another_key_cuts_who_publishes_with_the_old_one()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        var old = await anchor.KeyAsync(room);
        await using var encoder = await anchor.PublishAsync(room);
        await using var watcher = await Watcher.OpenAsync(_server, await anchor.StreamUrlAsync(room));
        await watcher.MoreAsync(TagKind.Video, 5);
        var key = (await anchor.OkAsync("/living/resetStreamKey", ("roomId", room))).Text("key");
        Assert.NotEqual(old, key);
        await encoder.EndAsync();
        // Whoever had found the key out has no picture there any more, not for half a minute either.
        await watcher.Ended.WaitAsync(Wait.Limit);
        Assert.Equal(1000, watcher.CloseCode);
        await anchor.UntilAsync(room, "off");
        await using (var again = Encoder.Start(Encoder.Address(_server, old)))
            Assert.NotEmpty(await again.EndAsync());
        await using var good = Encoder.Start(Encoder.Address(_server, key));
        await anchor.UntilAsync(room, "live");
        anchor.Dispose();
    }

    [Fact]
    public async Task A_publisher_that_is_killed_and_comes_back_keeps_its_viewers()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        await using var watcher = await WatchAsync(anchor, room, async encoder => await encoder.KillAsync());
        await anchor.UntilAsync(room, "away");
        var url = await anchor.StreamUrlAsync(room);
        await using (var late = await Watcher.OpenAsync(_server, url))
            await Wait.UntilAsync(() => late.Frames(TagKind.Video) > 0);
        // Another size: the headers come within the stream.
        await using var encoder = await anchor.PublishAsync(room, new Programme { Size = "640x360" });
        await watcher.MoreAsync(TagKind.Video, 30);
        watcher.AssertPlayable();
        Assert.Equal(2, watcher.Tags.Where(tag => tag.Kind == TagKind.Video && TagInfo.Of(tag).IsHeader).Select(tag => Convert.ToHexString(tag.Body.Span)).Distinct().Count());
        anchor.Dispose();
    }

    [Fact]
    public async Task A_publisher_that_comes_back_without_sound_has_its_viewers_begin_anew()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        await using var watcher = await WatchAsync(anchor, room, async encoder => await encoder.KillAsync());
        await anchor.UntilAsync(room, "away");
        await using var encoder = await anchor.PublishAsync(room, new Programme(Audio: null));
        await watcher.Ended.WaitAsync(Wait.Limit);
        Assert.Equal(4000, watcher.CloseCode);
        await using var again = await Watcher.OpenAsync(_server, await anchor.StreamUrlAsync(room));
        await again.MoreAsync(TagKind.Video, 10);
        Assert.Equal(0, again.Frames(TagKind.Audio));
        anchor.Dispose();
    }

    [Fact]
    public async Task Who_says_that_he_stops_is_off_and_viewers_answers_end()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        await using var watcher = await WatchAsync(anchor, room, async encoder => await encoder.StopAsync());
        await anchor.UntilAsync(room, "off");
        await watcher.Ended.WaitAsync(Wait.Limit);
        Assert.Equal(1000, watcher.CloseCode);
        anchor.Dispose();
    }

    [Fact]
    public async Task The_newest_publisher_has_the_stream_and_the_one_before_is_kept_out_for_a_while()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        await using var first = await anchor.PublishAsync(room);
        await using var watcher = await Watcher.OpenAsync(_server, await anchor.StreamUrlAsync(room));
        await using var second = Encoder.Start(Encoder.Address(_server, await anchor.KeyAsync(room)));
        await first.EndAsync();
        await using (var again = Encoder.Start(Encoder.Address(_server, await anchor.KeyAsync(room))))
            Assert.NotEmpty(await again.EndAsync());
        await watcher.MoreAsync(TagKind.Video, 50);
        watcher.AssertPlayable();
        Assert.False(second.HasExited);
        anchor.Dispose();
    }

    [Theory]
    [InlineData("close", "the room has closed")]
    [InlineData("kick", "kicked, suspended, put out or signed out")]
    [InlineData("suspend", "kicked, suspended, put out or signed out")]
    [InlineData("stop", "stopped by the server API or a sign-out")]
    [InlineData("put out", "kicked, suspended, put out or signed out")]
    [InlineData("sign out", "stopped by the server API or a sign-out")]
    [InlineData("end session", "stopped by the server API or a sign-out")]
    public async Task A_publisher_is_cut_with_its_room_and_its_user_and_the_log_says_why(string how, string why)
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        using var viewer = await PageClient.SignUpAsync(_server);
        await using var encoder = await anchor.PublishAsync(room);
        await using var watcher = await Watcher.OpenAsync(_server, await viewer.StreamUrlAsync(room));
        await watcher.MoreAsync(TagKind.Video, 5);
        switch (how)
        {
            case "close": await anchor.OkAsync("/living/closeLiving", ("roomId", room)); break;
            case "kick": await _server.Http.PostJsonAsync($"/api/v1/users/{anchor.UserId}/kick", "{}"); break;
            case "suspend": await _server.Http.PostJsonAsync($"/api/v1/users/{anchor.UserId}/suspend", "{}"); break;
            case "put out": await _server.Http.PostJsonAsync($"/api/v1/rooms/{room}/kick", $$"""{"userId":{{anchor.UserId}}}"""); break;
            case "sign out": await anchor.OkAsync("/account/logout"); break;
            case "end session": await anchor.OkAsync("/account/endSession", ("id", Assert.Single((await anchor.OkAsync("/account/sessions")).List).Text("id"))); break;
            default: Assert.True((await _server.Http.DeleteAsync($"/api/v1/rooms/{room}/stream")).IsSuccessStatusCode); break;
        }

        await encoder.EndAsync();
        // Nobody sees the picture of who was put out any more.
        await watcher.Ended.WaitAsync(Wait.Limit);
        Assert.Equal(1000, watcher.CloseCode);
        await _server.SaidAsync($"User {anchor.UserId} publishes to room {room} no more: {why}");
        await _server.SaidAsync($"The stream of room {room} has ended: {why}");
        anchor.Dispose();
    }

    [Fact]
    public async Task Who_was_put_out_of_his_room_does_not_publish_there_until_that_is_over()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        var key = await anchor.KeyAsync(room);
        await _server.Http.PostJsonAsync($"/api/v1/rooms/{room}/kick", $$"""{"userId":{{anchor.UserId}},"seconds":3600}""");
        await using (var encoder = Encoder.Start(Encoder.Address(_server, key)))
            Assert.Contains("You were put out of this room.", await encoder.EndAsync());
        using var socket = await OpenAsync(anchor);
        await socket.ReceiveAsync(new byte[1], CancellationToken.None).WaitAsync(Wait.Limit);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
        Assert.DoesNotContain($"User {anchor.UserId} publishes", _server.Output);
        anchor.Dispose();
    }

    [Fact]
    public async Task What_breaks_the_protocol_is_closed_and_what_waits_has_so_many_places()
    {
        byte[] handshake = [3, .. new byte[2 * 1536]];
        byte[] chunkSizeOfNothing = [2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] commandOverTheLimit = [3, 0, 0, 0, 1, 0, 1, 20, 0, 0, 0, 0];
        byte[] videoBeforePublish = [6, 0, 0, 0, 0, 0, 10, 9, 1, 0, 0, 0];
        foreach (var opening in new byte[][] { [6], "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), [.. handshake, .. chunkSizeOfNothing], [.. handshake, .. commandOverTheLimit], [.. handshake, .. videoBeforePublish] })
        {
            await using var broken = await RawSocket.ConnectAsync(_server.RtmpPort);
            await broken.SendAsync(opening);
            await broken.ReadToEndAsync();
        }

        List<RawSocket> waiting = [];
        for (var i = 0; i < 10; i++)
            waiting.Add(await ConnectAsync("127.0.0.7"));
        await using (var refused = await RawSocket.ConnectAsync(_server.RtmpPort, from: "127.0.0.7"))
            Assert.Empty(await refused.ReadToEndAsync());
        await using (await ConnectAsync("127.0.0.8"))
            await waiting[0].DisposeAsync();
        await Wait.UntilAsync(
            async () =>
            {
                await using var again = await RawSocket.ConnectAsync(_server.RtmpPort, from: "127.0.0.7");
                try
                {
                    await again.SendAsync(handshake);
                }
                catch (IOException)
                {
                    // Closed already.
                    return false;
                }

                return await again.ReadAsync(1) is [3];
            },
            "a place");
        foreach (var socket in waiting)
            await socket.DisposeAsync();

        async Task<RawSocket> ConnectAsync(string from)
        {
            var socket = await RawSocket.ConnectAsync(_server.RtmpPort, from: from);
            await socket.SendAsync(handshake);
            Assert.Equal([3], await socket.ReadAsync(1));
            return socket;
        }
    }

    [Fact]
    public async Task A_browsers_FLV_is_a_stream_like_any()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        var flv = await Encoder.FileAsync(seconds: 3);
        using var socket = await OpenAsync(anchor);
        await SendAsync(socket, flv.AsMemory(0, flv.Length * 2 / 3), 1000);
        var told = JsonNode.Parse(await TextAsync(socket))!;
        Assert.Equal(("started", room), (told["event"]!.GetValue<string>(), told["roomId"]!.GetValue<long>()));
        await using var watcher = await Watcher.OpenAsync(_server, await anchor.StreamUrlAsync(room));
        await SendAsync(socket, flv.AsMemory(flv.Length * 2 / 3), 60_000);
        await watcher.MoreAsync(TagKind.Video, 10);
        watcher.AssertPlayable();
        Assert.Equal("stats", JsonNode.Parse(await TextAsync(socket))!["event"]!.GetValue<string>());
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None).WaitAsync(Wait.Limit);
        await anchor.UntilAsync(room, "off");
        anchor.Dispose();
    }

    [Fact]
    public async Task A_browser_is_told_by_a_close_code_why_it_publishes_no_more()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        using var viewer = await PageClient.SignUpAsync(_server);
        using (var nobody = await OpenAsync(viewer))
            Assert.Equal(1008, await CloseAsync(nobody));
        using (var stranger = await OpenAsync(new PageClient(_server)))
            Assert.Equal(1008, await CloseAsync(stranger));
        using (var broken = await OpenAsync(anchor))
        {
            await SendAsync(broken, Encoding.ASCII.GetBytes(new string('x', 1000)), 1000);
            Assert.Equal(4002, await CloseAsync(broken));
        }

        var flv = await Encoder.FileAsync(seconds: 1);
        using var first = await OpenAsync(anchor);
        await SendAsync(first, flv, 60_000);
        await TextAsync(first);
        using var second = await OpenAsync(anchor);
        Assert.Equal(4001, await CloseAsync(first));
        await SendAsync(second, flv, 60_000);
        await TextAsync(second);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        Assert.Equal(4004, await CloseAsync(second));
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(anchor, origin: "http://evil.example"));
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync(anchor, origin: null));
        anchor.Dispose();
    }

    private static async Task<Watcher> WatchAsync(PageClient anchor, long room, Func<Encoder, Task> end)
    {
        await using var encoder = await anchor.PublishAsync(room);
        var watcher = await Watcher.OpenAsync(anchor.Server, await anchor.StreamUrlAsync(room));
        await watcher.MoreAsync(TagKind.Video, 10);
        await end(encoder);
        return watcher;
    }

    private Task<ClientWebSocket> OpenAsync(PageClient client) => OpenAsync(client, $"http://127.0.0.1:{_server.HttpPort}");

    private async Task<ClientWebSocket> OpenAsync(PageClient client, string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.Cookies = client.Cookies;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_server.HttpPort}/live/publish"), CancellationToken.None).WaitAsync(Wait.Limit);
        return socket;
    }

    private static async Task SendAsync(ClientWebSocket socket, ReadOnlyMemory<byte> bytes, int piece)
    {
        for (var at = 0; at < bytes.Length; at += piece)
            await socket.SendAsync(bytes[at..Math.Min(bytes.Length, at + piece)], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
    }

    private static async Task<string> TextAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(Wait.Limit);
        Assert.Equal(WebSocketMessageType.Text, read.MessageType);
        return Encoding.UTF8.GetString(buffer, 0, read.Count);
    }

    /// <summary>Reads on until it is closed.</summary>
    private static async Task<int?> CloseAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(Wait.Limit)).MessageType != WebSocketMessageType.Close)
        {
        }

        return (int?)socket.CloseStatus;
    }
}
