using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Sailfish.Media.Flv;
using Sailfish.Server.Living;
using Sailfish.Server.Media;
using Sailfish.Server.Media.Publishing;

namespace Sailfish.Tests.Server.Media;

/// <summary>How the server ends what a browser publishes, and by which code it says so.</summary>
public sealed class SocketPublisherTests
{
    private const string Session = "session";

    /// <summary>The most of one message.</summary>
    private const int Piece = 60_000;

    [Fact]
    public async Task Above_the_bitrate_for_ten_seconds_a_browser_is_closed_with_4003()
    {
        using var parts = new MediaParts(new MediaOptions { MaxBitrateKbps = 4000 });
        using var browser = await PublishAsync(parts);
        var closing = CloseCodeAsync(browser.Socket);
        for (var second = 1u; second <= 13; second++)
        {
            Assert.False(closing.IsCompleted);
            parts.Time.Advance(TimeSpan.FromSeconds(1));
            await SendAsync(browser.Socket, TestTags.Key(second * 1000, size: 1_000_000));
            await Wait.UntilAsync(() => parts.Stream.Stats.LastAt == parts.Time.GetTimestamp());
            await parts.Sweep.SweepAsync();
        }

        Assert.Equal(4003, await closing.WaitAsync(Wait.Limit));
        await browser.Publishing.WaitAsync(Wait.Limit);
    }

    [Fact]
    public async Task With_the_session_of_the_page_that_it_came_with_a_camera_ends_and_its_picture_with_it()
    {
        using var parts = new MediaParts();
        using var browser = await PublishAsync(parts);
        var viewer = parts.Watch(new SlowTransport { IsFast = true });
        await parts.Pages.EndAsync(MediaParts.Anchor.UserId, "another");
        await parts.Sweep.SweepAsync();
        Assert.False(viewer.IsEnding);
        await parts.Pages.EndAsync(MediaParts.Anchor.UserId, Session);
        await parts.Sweep.SweepAsync();
        Assert.Equal(1008, await CloseCodeAsync(browser.Socket).WaitAsync(Wait.Limit));
        Assert.True(viewer.IsEnding);
        await browser.Publishing.WaitAsync(Wait.Limit);
    }

    /// <summary>A browser whose picture is to be seen.</summary>
    private static async Task<Browser> PublishAsync(MediaParts parts)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var server = WebSocket.CreateFromStream((await listener.AcceptTcpClientAsync()).GetStream(), new WebSocketCreationOptions { IsServer = true });
        var publisher = new SocketPublisher(server, parts.Metrics, parts.Time);
        var answer = await parts.Desk.ByPageAsync(MediaParts.Anchor, Session, publisher);
        var publishing = publisher.RunAsync(answer.Stream!, answer.Publication!);
        var socket = WebSocket.CreateFromStream(client.GetStream(), new WebSocketCreationOptions());
        await socket.SendAsync(FlvWriter.Header(hasAudio: true, hasVideo: true).ToArray(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        await SendAsync(socket, TestTags.VideoHeader(), TestTags.AudioHeader, TestTags.Key(0));
        await parts.UntilAsync(StreamState.Live);
        return new Browser(socket, publishing, server, publisher);
    }

    private static async Task SendAsync(WebSocket socket, params FlvTag[] tags)
    {
        foreach (var tag in tags)
        {
            var bytes = new byte[FlvWriter.TagSize(tag.Body.Length)];
            FlvWriter.WriteTag(bytes, tag.Kind, tag.Timestamp, tag.Body.Span);
            foreach (var piece in bytes.Chunk(Piece))
                await socket.SendAsync(piece, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
    }

    /// <summary>Reads on until it is closed, and answers that.</summary>
    private static async Task<int?> CloseCodeAsync(WebSocket socket)
    {
        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
        {
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        return (int?)socket.CloseStatus;
    }

    private sealed record Browser(WebSocket Socket, Task Publishing, WebSocket Server, SocketPublisher Publisher) : IDisposable
    {
        public void Dispose()
        {
            Socket.Dispose();
            Server.Dispose();
            Publisher.Dispose();
        }
    }
}
