using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Media.Flv;

namespace Sailfish.IntegrationTests.Media;

/// <summary>Somebody who watches: reads FLV and keeps its tags.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly ConcurrentQueue<FlvTag> _tags = new();
    private readonly FlvReader _reader = new(16 * 1024 * 1024 - 1);
    private readonly CancellationTokenSource _over = new();
    private readonly IDisposable _connection;
    private readonly ManualResetEventSlim _goesOn = new(true);
    private byte[] _left = [];
    private uint _newest;
    private Task _reading = Task.CompletedTask;

    private Watcher(IDisposable connection) => _connection = connection;

    /// <summary>All that has come.</summary>
    public IReadOnlyList<FlvTag> Tags => [.. _tags];

    /// <summary>The time of what came last.</summary>
    public uint Newest => Volatile.Read(ref _newest);

    /// <summary>The code with which its WebSocket was closed.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>The stream has ended.</summary>
    public Task Ended => _reading;

    public static async Task<Watcher> GetAsync(ServerProcess server, string path)
    {
        var http = new HttpClient { BaseAddress = server.Http.BaseAddress };
        var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Wait.Limit);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("video/x-flv", answer.Content.Headers.ContentType!.MediaType);
        var watcher = new Watcher(http);
        watcher._reading = watcher.ReadAsync(await answer.Content.ReadAsStreamAsync());
        return watcher;
    }

    /// <param name="server">Of which server.</param>
    /// <param name="path">The stream's.</param>
    /// <param name="port">Another one than that of the page.</param>
    /// <param name="tls">Whether to speak TLS; any certificate is taken.</param>
    public static async Task<Watcher> OpenAsync(ServerProcess server, string path, int? port = null, bool tls = false)
    {
        var socket = new ClientWebSocket();
#pragma warning disable CA5359 // the certificate is made by the test; whether it is the right one is not what is asked
        socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        await socket.ConnectAsync(new Uri($"{(tls ? "wss" : "ws")}://127.0.0.1:{port ?? server.HttpPort}{path}"), CancellationToken.None).WaitAsync(Wait.Limit);
        var watcher = new Watcher(socket);
        watcher._reading = watcher.ReadAsync(socket);
        return watcher;
    }

    /// <summary>Reads nothing more for now.</summary>
    public void Pause() => _goesOn.Reset();

    public void GoOn() => _goesOn.Set();

    public int Frames(TagKind kind) => Tags.Count(tag => tag.Kind == kind && TagInfo.Of(tag).IsFrame);

    /// <summary>Waits for so many more frames of the kind.</summary>
    public Task MoreAsync(TagKind kind, int count)
    {
        var before = Frames(kind);
        return Wait.UntilAsync(() => Frames(kind) >= before + count || (_reading.IsCompleted ? throw new InvalidOperationException($"The stream ended with {CloseCode}.") : false), Wait.Limit, () => $"{count} more frames of {kind}");
    }

    /// <summary>What every player relies on: headers first, then a keyframe, and times that never go back.</summary>
    public void AssertPlayable()
    {
        var tags = Tags;
        foreach (var kind in new[] { TagKind.Video, TagKind.Audio })
        {
            var track = tags.Where(tag => tag.Kind == kind).ToList();
            if (track.Count == 0)
                continue;
            Assert.True(TagInfo.Of(track[0]).IsHeader);
            var times = track.Where(tag => TagInfo.Of(tag).IsFrame).Select(tag => tag.Timestamp).ToList();
            Assert.Equal(times.Order(), times);
        }

        if (tags.FirstOrDefault(tag => tag.Kind == TagKind.Video && TagInfo.Of(tag).IsFrame) is { Body.Length: > 0 } first)
            Assert.True(TagInfo.Of(first).IsKey);
    }

    public async ValueTask DisposeAsync()
    {
        GoOn();
        await _over.CancelAsync();
        _connection.Dispose();
        await _reading;
        _over.Dispose();
        _goesOn.Dispose();
    }

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, _over.Token)) > 0)
                await TakeAsync(buffer.AsMemory(0, count));
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            // It has ended, or the test has.
        }
    }

    private async Task ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(), _over.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    CloseCode = (int?)socket.CloseStatus;
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", _over.Token);
                    return;
                }

                await TakeAsync(buffer.AsMemory(0, read.Count));
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut, or the test has ended.
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!_goesOn.IsSet)
            await Task.Run(() => _goesOn.Wait());
        byte[] all = [.. _left, .. bytes.Span];
        var input = new ReadOnlySequence<byte>(all);
        while (_reader.TryRead(ref input, out var tag))
        {
            _tags.Enqueue(tag);
            Volatile.Write(ref _newest, tag.Timestamp);
        }

        _left = input.ToArray();
    }
}
