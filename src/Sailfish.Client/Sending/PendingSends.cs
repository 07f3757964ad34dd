using Sailfish.Protocol.Bodies;

namespace Sailfish.Client.Sending;

/// <summary>
/// The messages that have no receipt so far, in the order they were sent. Each goes over a connection at most once, unless
/// the server refuses it for its rate; a new connection gets all of them again. Of those with one key, one is on its way at
/// a time: an ERROR names the key alone, and the same key in another conversation is another message. Does no I/O.
/// </summary>
/// <param name="maxInFlight">How many may be on their way.</param>
/// <param name="rateLimitRetries">How often a message that is over the rate is put back.</param>
/// <param name="maxPause">A refusal that asks for a longer wait than this fails the message.</param>
internal sealed class PendingSends(int maxInFlight, int rateLimitRetries, TimeSpan maxPause)
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly LinkedList<PendingSend> _order = [];

    /// <summary>Those that are on their way, by their keys.</summary>
    private readonly Dictionary<string, PendingSend> _inFlight = new(StringComparer.Ordinal);
    private bool _limited;

    public int Count
    {
        get
        {
            lock (_gate)
                return _order.Count;
        }
    }

    public void Add(PendingSend send)
    {
        lock (_gate)
            send.Place = _order.AddLast(send);
    }

    /// <summary>Hands the messages that may go now to <paramref name="write"/>, in order. It must not block.</summary>
    public void Pump(Action<PendingSend> write)
    {
        lock (_gate)
        {
            // After a refusal for the rate one goes at a time, so that order survives the wait.
            var window = _limited ? 1 : maxInFlight;
            for (var node = _order.First; node is not null && _inFlight.Count < window; node = node.Next)
            {
                var send = node.Value;
                if (send.InFlight)
                    continue;
                // Its turn comes when the other one is answered; what was sent after it waits, too.
                if (!_inFlight.TryAdd(send.ClientMsgId, send))
                    return;
                send.InFlight = true;
                write(send);
            }
        }
    }

    /// <summary>The message is stored; false when nobody waits for it.</summary>
    public bool TryComplete(string clientMsgId, Receipt receipt)
    {
        PendingSend? send;
        lock (_gate)
        {
            if (!_inFlight.TryGetValue(clientMsgId, out send) || !send.IsStoredBy(receipt))
                return false;
            Remove(send);
        }

        send.Complete(receipt);
        return true;
    }

    /// <summary>
    /// The message was refused. Gives how long nothing should be sent when it was for the rate and the message may try again;
    /// else it has failed.
    /// </summary>
    public TimeSpan? Refuse(string clientMsgId, SailfishException cause)
    {
        PendingSend? send;
        lock (_gate)
        {
            if (!_inFlight.TryGetValue(clientMsgId, out send))
                return null;
            if (cause.Error == ErrorWords.RateLimited && PauseOf(cause) is var pause && pause <= maxPause && TryPutBack(send))
                return pause;
            Remove(send);
        }

        send.Fail(cause);
        return null;
    }

    /// <summary>Waits until what is pending now has its receipt or has failed, but no longer than <paramref name="limit"/>.</summary>
    public async Task SettledAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        Task[] pending;
        lock (_gate)
            pending = [.. _order.Select(send => send.Result)];
        if (pending.Length > 0)
            await Task.WhenAll(pending).WaitAsync(limit, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The connection is gone: everything goes again over the next.</summary>
    public void ConnectionLost()
    {
        lock (_gate)
        {
            foreach (var send in _inFlight.Values)
                send.InFlight = false;
            _inFlight.Clear();
        }
    }

    /// <summary>Nobody waits for the message any more. Gives whether it was pending still.</summary>
    public bool Forget(PendingSend send)
    {
        lock (_gate)
        {
            if (send.Place is null)
                return false;
            Remove(send);
            return true;
        }
    }

    public void FailAll(SailfishException cause)
    {
        List<PendingSend> all;
        lock (_gate)
        {
            all = [.. _order];
            foreach (var send in all)
                Remove(send);
        }

        foreach (var send in all)
            send.Fail(cause);
    }

    private static TimeSpan PauseOf(SailfishException cause) =>
        cause.RetryAfterMs is { } ms ? TimeSpan.FromMilliseconds(Math.Clamp(ms, 1, int.MaxValue)) : DefaultPause;

    private bool TryPutBack(PendingSend send)
    {
        if (++send.RateLimited > rateLimitRetries)
            return false;
        _limited = true;
        Land(send);
        return true;
    }

    private void Remove(PendingSend send)
    {
        _order.Remove(send.Place!);
        send.Place = null;
        Land(send);
        _limited &= _order.Count > 0;
    }

    private void Land(PendingSend send)
    {
        if (!send.InFlight)
            return;
        send.InFlight = false;
        _inFlight.Remove(send.ClientMsgId);
    }
}
