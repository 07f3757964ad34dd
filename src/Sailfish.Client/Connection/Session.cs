using Sailfish.Client.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Connection;

/// <summary>One logged-in connection: reads, writes, keeps it alive, and finds out when it is dead.</summary>
internal sealed class Session : IAsyncDisposable
{
    /// <summary>Heartbeats without any frame from the server, after which the connection counts as dead.</summary>
    private const double DeadAfterHeartbeats = 2.5;

    private static readonly TimeSpan LogoutTimeout = TimeSpan.FromSeconds(2);
    private readonly ITransport _transport;
    private readonly TimeSpan _heartbeat;
    private readonly TimeProvider _time;

    /// <summary>Never disposed, for who stops or leaves a connection may come after its end; it holds no timer and no handle.</summary>
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _watchdog;
    private readonly TaskCompletionSource _pulled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SailfishException? _farewell;

    public Session(ITransport transport, TimeSpan heartbeat, TimeProvider time)
    {
        _transport = transport;
        _heartbeat = heartbeat;
        _time = time;
        Requests = new RequestQueue(Outbox);
        _watchdog = time.CreateTimer(static session => ((Session)session!).Stop(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Outbox Outbox { get; } = new();

    public RequestQueue Requests { get; }

    /// <summary>
    /// Runs the connection until it ends and says how it did. Each frame goes to <paramref name="onFrame"/>, which must not
    /// block; <paramref name="alongside"/> runs with it and ends with it, by its token.
    /// </summary>
    public async Task<SessionEnd> RunAsync(Action<InboundFrame> onFrame, params Func<CancellationToken, Task>[] alongside)
    {
        Func<CancellationToken, Task>[] loops =
        [
            token => ReadAsync(onFrame, token),
            token => Outbox.RunAsync(_transport, token),
            Requests.RunAsync,
            BeatAsync,
            .. alongside,
        ];
        var ends = await Task.WhenAll(loops.Select(loop => Task.Run(() => RunLoopAsync(loop))));
        return SessionEnd.From(_farewell ?? ends.FirstOrDefault(end => end is not null) ?? SailfishException.ConnectionLost());
    }

    /// <summary>Returns once what the server had when this was called was read; needs what waited at login to be pulled.</summary>
    public async Task<bool> CatchUpAsync()
    {
        await _pulled.Task;
        // Frames are handled in order: the answer to a SYNC of nothing comes behind everything asked for before.
        await SyncAsync(new SyncRequest { After = new Dictionary<string, long>() }, null);
        return true;
    }

    /// <summary>Asks for messages: of <paramref name="conversation"/>, where it is one that is asked about.</summary>
    public async Task<SyncReply> SyncAsync(SyncRequest body, string? conversation)
    {
        var frame = await Requests.CallAsync(new Request(
            OutboundFrame.Of(FrameCode.Sync, body, BodyJson.Wire.SyncRequest),
            static _ => true,
            error => ErrorOwners.IsOfSync(error, conversation)));
        return frame.Read(BodyJson.Wire.SyncReply) is { Messages: not null } reply
            ? reply
            : throw new SailfishException(ClientErrors.BadPeer, "the server sent a SYNC reply without messages");
    }

    /// <summary>The offline messages were pulled.</summary>
    public void SetPulled() => _pulled.TrySetResult();

    /// <summary>The server does not give the offline messages: who waits for them is told.</summary>
    public void SetPullRefused(SailfishException refusal)
    {
        _pulled.TrySetException(refusal);
        // Nobody need be waiting.
        _ = _pulled.Task.Exception;
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Says goodbye, so that the server has read everything before the connection ends; void when it has ended.</summary>
    public async Task LogoutAsync()
    {
        _farewell = new SailfishException(ClientErrors.Closed, "the client logged out") { IsFinal = true };
        Outbox.Enqueue(OutboundFrame.Empty(FrameCode.Logout));
        await Task.Delay(LogoutTimeout, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Stop();
    }

    public async ValueTask DisposeAsync()
    {
        await _watchdog.DisposeAsync();
        await _transport.DisposeAsync();
    }

    /// <summary>Whichever loop ends first ends the others; gives the fault that ended this one.</summary>
    private async Task<SailfishException?> RunLoopAsync(Func<CancellationToken, Task> loop)
    {
        try
        {
            await loop(_stop.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (SailfishException e)
        {
            return e;
        }
        catch (Exception e) when (ConnectionFaults.Contains(e))
        {
            return SailfishException.ConnectionLost(e);
        }
        finally
        {
            Stop();
            Requests.Close(SailfishException.ConnectionLost());
            _pulled.TrySetException(SailfishException.ConnectionLost());
            _ = _pulled.Task.Exception;
        }
    }

    private async Task ReadAsync(Action<InboundFrame> onFrame, CancellationToken cancellation)
    {
        var limit = _heartbeat * DeadAfterHeartbeats;
        _watchdog.Change(limit, Timeout.InfiniteTimeSpan);
        while (await _transport.ReadAsync(cancellation) is { } frame)
        {
            _watchdog.Change(limit, Timeout.InfiniteTimeSpan);
            if (frame.Code == FrameCode.Bye)
            {
                _farewell = SailfishException.From(frame.Read(BodyJson.Wire.ByeBody));
                return;
            }

            if (frame.Code == FrameCode.Logout)
                return;
            if (!Requests.TryAnswer(frame))
                onFrame(frame);
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(_heartbeat, _time, cancellation);
            Outbox.Enqueue(OutboundFrame.Empty(FrameCode.Heartbeat));
        }
    }
}
