using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Sailfish.Media;
using Sailfish.Media.Flv;
using Sailfish.Media.Rtmp;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Media.Publishing;

/// <summary>A browser's camera: an FLV byte stream in binary messages, cut anywhere, and words about it as text the other way.</summary>
internal sealed class SocketPublisher(WebSocket socket, MediaMetrics metrics, TimeProvider time) : IPublisher, IDisposable
{
    /// <summary>Of one message.</summary>
    private const int MaxMessage = 64 * 1024;

    private static readonly TimeSpan StatsInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _sending = new(1);
    private readonly TaskCompletionSource<CutReason> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heardAt = time.GetTimestamp();

    /// <summary>Why it was cut; null while it was not.</summary>
    public CutReason? WhyCut => _cut.Task.IsCompletedSuccessfully ? _cut.Task.Result : null;

    /// <summary>What is wrong with its stream; null while nothing is.</summary>
    public string? WhyBroken { get; private set; }

    public void Began()
    {
        Volatile.Write(ref _heardAt, time.GetTimestamp());
        _began.TrySetResult();
    }

    public void Cut(CutReason reason) => _cut.TrySetResult(reason);

    /// <summary>Tells why it may not publish.</summary>
    public Task RefuseAsync(string why, int closeCode = WebSocketCloseCode.PolicyViolation) => EndAsync(closeCode, why);

    /// <summary>Reads until it ends, and says why where the server ends it.</summary>
    public async Task RunAsync(LiveStream stream, Publication publication)
    {
        using var ended = new CancellationTokenSource();
        var telling = TellAsync(stream, ended.Token);
        var isStop = false;
        try
        {
            // Never cancelled: a read that is takes the socket with it, and the word of why.
            var reading = ReadAsync(stream, publication);
            while (!reading.IsCompleted && !_cut.Task.IsCompleted)
            {
                await Task.WhenAny(reading, _cut.Task, Task.Delay(CloseLimit, time, CancellationToken.None));
                if (time.GetElapsedTime(Volatile.Read(ref _heardAt)) > SilenceLimit)
                    Cut(CutReason.Silent);
            }

            if (!reading.IsCompleted)
            {
                stream.Leave(publication, isStop: false);
                await CloseAsync(CodeOf(WhyCut!.Value), "");
                await Task.WhenAny(reading, Task.Delay(CloseLimit, time, CancellationToken.None));
                socket.Abort();
            }

            isStop = await reading;
        }
        catch (MediaFormatException broken)
        {
            WhyBroken = broken.Message;
            await EndAsync(4002, broken.Message);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // The browser is gone, or was cut.
        }
        finally
        {
            stream.Leave(publication, isStop);
            await ended.CancelAsync();
            await telling;
        }
    }

    public void Dispose() => _sending.Dispose();

    /// <summary>True when the browser has said that it stops.</summary>
    private async Task<bool> ReadAsync(LiveStream stream, Publication publication)
    {
        var flv = new FlvReader(RtmpLimits.Default.MaxMediaBytes);
        // What the reader leaves of one message is a few bytes, which come again before the next.
        var (block, left, message) = (new byte[MaxMessage + 64], 0, 0);
        while (true)
        {
            var read = await socket.ReceiveAsync(block.AsMemory(left, MaxMessage), CancellationToken.None);
            // What is not to be seen is no first frame, however much of it comes.
            if (_began.Task.IsCompleted)
                Volatile.Write(ref _heardAt, time.GetTimestamp());
            if (read.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync((int)WebSocketCloseStatus.NormalClosure, "");
                return true;
            }

            message += read.Count;
            if (read.MessageType != WebSocketMessageType.Binary || message > MaxMessage)
                throw new MediaFormatException($"Binary messages of at most {MaxMessage} bytes are taken.");
            message = read.EndOfMessage ? 0 : message;
            metrics.BytesIn(read.Count);
            var input = new ReadOnlySequence<byte>(block, 0, left + read.Count);
            while (flv.TryRead(ref input, out var tag))
                stream.Write(publication, tag);
            left = (int)input.Length;
            input.CopyTo(block);
        }
    }

    private async Task TellAsync(LiveStream stream, CancellationToken cancellationToken)
    {
        try
        {
            await _began.Task.WaitAsync(cancellationToken);
            await SendAsync(new JsonObject { ["event"] = "started", ["roomId"] = stream.Room.RoomId }, cancellationToken);
            using var timer = new PeriodicTimer(StatsInterval, time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var stats = stream.Stats;
                await SendAsync(
                    new JsonObject
                    {
                        ["event"] = "stats",
                        ["kbps"] = stats.Kbps,
                        ["fps"] = Math.Round(stats.FramesPerSecond, 1),
                        ["width"] = stats.Width,
                        ["height"] = stats.Height,
                        ["viewers"] = stream.Viewers.Count,
                        ["droppedViewers"] = stream.Viewers.Late,
                    },
                    cancellationToken);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // It has ended.
        }
    }

    private async Task SendAsync(JsonObject what, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            // Not cancelled half way: a cancelled send aborts the socket, and with it the word of why.
            await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(what.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Says why, and sees it out: a connection that is closed on what still comes is reset, and the word is lost.</summary>
    private async Task EndAsync(int code, string why)
    {
        await CloseAsync(code, why);
        using var limit = new CancellationTokenSource(CloseLimit);
        try
        {
            var rest = new byte[1024];
            while ((await socket.ReceiveAsync(rest.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // It does not listen.
        }
    }

    private async Task CloseAsync(int code, string why)
    {
        using var limit = new CancellationTokenSource(CloseLimit);
        try
        {
            await _sending.WaitAsync(limit.Token);
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, why, limit.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException or InvalidOperationException)
        {
            socket.Abort();
        }
    }

    private static int CodeOf(CutReason reason) => reason switch
    {
        CutReason.TakenOver => 4001,
        CutReason.Bitrate => 4003,
        CutReason.RoomClosed => 4004,
        CutReason.Draining => 1001,
        CutReason.Silent => 4002,
        _ => 1008,
    };
}
