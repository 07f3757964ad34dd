using Sailfish.IntegrationTests.Harness;
using Sailfish.Media.Flv;

namespace Sailfish.IntegrationTests.Media;

/// <summary>Live video over TLS, through a proxy, below a path.</summary>
public sealed class FarEncoderTests(FarEncoders fixture) : IClassFixture<FarEncoders>
{
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task An_encoder_publishes_over_TLS_and_is_watched_over_TLS_below_the_path()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(_server);
        var stream = await anchor.OkAsync("/living/stream", ("roomId", room));
        Assert.Equal(FarEncoders.Shown, stream.Text("server"));
        await using var encoder = Encoder.Start($"rtmps://127.0.0.1:{fixture.RtmpDoor}/live/{stream.Text("key")}");
        await anchor.UntilAsync(room, "live");
        var url = await anchor.StreamUrlAsync(room);
        Assert.StartsWith($"/chat/live/{room}.flv?token=", url);
        await using (var secure = await Watcher.OpenAsync(_server, url, fixture.WebSocketDoor, tls: true))
        await using (var plain = await Watcher.GetAsync(_server, url))
        {
            await secure.MoreAsync(TagKind.Video, 30);
            await plain.MoreAsync(TagKind.Video, 5);
            secure.AssertPlayable();
            // It is told why over TLS, too.
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
            await secure.Ended.WaitAsync(Wait.Limit);
            Assert.Equal(1000, secure.CloseCode);
        }

        await encoder.EndAsync();
        // The framework has said all that it says of a request, but for its address.
        await _server.SaidAsync($"'/live/{room}.flv'");
        Assert.DoesNotContain(url[(url.IndexOf("token=", StringComparison.Ordinal) + 6)..], _server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(stream.Text("key"), _server.Output, StringComparison.Ordinal);
        anchor.Dispose();
    }

    [Fact]
    public async Task The_address_that_the_proxy_names_has_so_many_connections()
    {
        List<RawSocket> open = [];
        for (var i = 0; i < FarEncoders.MostOfAddress; i++)
            open.Add(await OpenAsync("127.0.0.7"));
        await Assert.ThrowsAsync<IOException>(() => OpenAsync("127.0.0.7"));
        open.Add(await OpenAsync("127.0.0.8"));
        await open[0].DisposeAsync();
        await Wait.UntilAsync(IsOpenAgainAsync, "the first one's place");
        foreach (var socket in open)
            await socket.DisposeAsync();

        async Task<bool> IsOpenAgainAsync()
        {
            try
            {
                await using var socket = await OpenAsync("127.0.0.7");
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_proxy_that_names_nobody_is_closed_and_so_is_a_stranger_who_names_somebody()
    {
        await using var proxy = await RawSocket.ConnectAsync(_server.RtmpPort);
        await proxy.SendAsync([3, .. new byte[1536]]);
        Assert.Empty(await proxy.ReadToEndAsync());
        await Assert.ThrowsAnyAsync<SystemException>(() => RawSocket.ConnectAsync(_server.RtmpPort, tls: true, from: "127.0.0.9", preamble: "PROXY TCP4 192.0.2.7 198.51.100.1 1234 1935\r\n"u8.ToArray()));
        // Who comes by himself is no proxy.
        await Wait.UntilAsync(
            async () =>
            {
                await using var direct = await RawSocket.ConnectAsync(_server.RtmpPort, tls: true, from: "127.0.0.9");
                return await IsServedAsync(direct);
            },
            "a handshake");
    }

    /// <summary>A connection through the proxy that the server serves.</summary>
    private async Task<RawSocket> OpenAsync(string from)
    {
        var socket = await RawSocket.ConnectAsync(fixture.RtmpDoor, tls: true, from: from);
        Assert.True(await IsServedAsync(socket));
        return socket;
    }

    private static async Task<bool> IsServedAsync(RawSocket socket)
    {
        await socket.SendAsync([3, .. new byte[1536]]);
        return await socket.ReadAsync(1) is [3];
    }
}
