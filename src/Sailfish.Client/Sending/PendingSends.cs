using System.Diagnostics.CodeAnalysis;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Client.Sending;

/// <summary>
/// The messages that have no receipt so far, in the order they were sent. Each goes over a connection at most once, unless
/// the server refuses it for its rate; a new connection gets all of them again. Does no I/O.
/// </summary>
/// <param name="maxInFlight">How many may be on their way.</param>
/// <param name="rateLimitRetries">How often a message that is over the rate is put back.</param>
/// <param name="maxPause">A refusal that asks for a longer wait than this fails the message.</param>
internal sealed class PendingSends(int maxInFlight, int rateLimitRetries, TimeSpan maxPause)
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly LinkedList<PendingSend> _order = [];
    private readonly Dictionary<string, LinkedListNode<PendingSend>> _byId = new(StringComparer.Ordinal);
    private int _inFlight;
    private bool _limited;

    public int Count
    {
        get
        {
            lock (_gate)
                return _byId.Count;
        }
    }

    /// <summary>Adds a message that somebody waits for; when one with its id is pending already, gives that one.</summary>
    public PendingSend Add(PendingSend send)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(send.ClientMsgId, out var node))
                _byId[send.ClientMsgId] = node = _order.AddLast(send);
            node.Value.Waiters++;
            return node.Value;
        }
    }

    /// <summary>Hands the messages that may go now to <paramref name="write"/>, in order. It must not block.</summary>
    public void Pump(Action<PendingSend> write)
    {
        lock (_gate)
        {
            // After a refusal for the rate one goes at a time, so that order survives the wait.
            var window = _limited ? 1 : maxInFlight;
            for (var node = _order.First; node is not null && _inFlight < window; node = node.Next)
            {
                if (node.Value.InFlight)
                    continue;
                node.Value.InFlight = true;
                _inFlight++;
                write(node.Value);
            }
        }
    }

    /// <summary>The message is stored; false when nobody waits for it.</summary>
    public bool TryComplete(string clientMsgId, Receipt receipt)
    {
        if (!TryRemove(clientMsgId, out var send))
            return false;
        send.Complete(receipt);
        return true;
    }

    /// <summary>
    /// The message was refused. Gives how long nothing should be sent when it was for the rate and the message may try again;
    /// else it has failed.
    /// </summary>
    public TimeSpan? Refuse(string clientMsgId, SailfishException cause)
    {
        if (cause.Error == ErrorWords.RateLimited && PauseOf(cause) is var pause && pause <= maxPause && TryPutBack(clientMsgId))
            return pause;
        if (TryRemove(clientMsgId, out var send))
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
            foreach (var send in _order)
                send.InFlight = false;
            _inFlight = 0;
        }
    }

    /// <summary>One who waited for the message does so no more. With the last it is forgotten, if it is pending still: true then.</summary>
    public bool Forget(PendingSend send)
    {
        lock (_gate)
        {
            return --send.Waiters == 0
                && _byId.TryGetValue(send.ClientMsgId, out var node)
                && node.Value == send
                && TryRemove(send.ClientMsgId, out _);
        }
    }

    public void FailAll(SailfishException cause)
    {
        List<PendingSend> all;
        lock (_gate)
        {
            all = [.. _order];
            _order.Clear();
            _byId.Clear();
            _inFlight = 0;
        }

        foreach (var send in all)
            send.Fail(cause);
    }

    private static TimeSpan PauseOf(SailfishException cause) =>
        cause.RetryAfterMs is { } ms ? TimeSpan.FromMilliseconds(Math.Clamp(ms, 1, int.MaxValue)) : DefaultPause;

    private bool TryPutBack(string clientMsgId)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(clientMsgId, out var node) || ++node.Value.RateLimited > rateLimitRetries)
                return false;
            _limited = true;
            Land(node.Value);
            return true;
        }
    }

    private bool TryRemove(string clientMsgId, [NotNullWhen(true)] out PendingSend? send)
    {
        lock (_gate)
        {
            send = null;
            if (!_byId.Remove(clientMsgId, out var node))
                return false;
            send = node.Value;
            _order.Remove(node);
            Land(send);
            _limited &= _order.Count > 0;
            return true;
        }
    }

    private void Land(PendingSend send)
    {
        if (!send.InFlight)
            return;
        send.InFlight = false;
        _inFlight--;
    }
}
