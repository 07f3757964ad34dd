using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Gateway.Admission;

/// <summary>The place of one connection, from the moment it was accepted until it has ended, whoever carries it.</summary>
internal sealed class ConnectionSlot : IDisposable
{
    private static readonly object Item = new();
    private readonly ConnectionSlots _slots;
    private readonly ConnectionLimiter _limiter;
    private ClientAddress? _counted;
    private int _isReturned;

    public ConnectionSlot(ConnectionSlots slots, ConnectionLimiter limiter, SlotKind kind, IPEndPoint? remote)
    {
        _slots = slots;
        _limiter = limiter;
        Kind = kind;
        Remote = remote;
        Refusal = kind == SlotKind.Leaving ? Refusal.ServerFull : Refusal.None;
    }

    public SlotKind Kind { get; private set; }

    /// <summary>Why it is not served, if it is not.</summary>
    public Refusal Refusal { get; private set; }

    /// <summary>How long until it may try again, when it came too early.</summary>
    public TimeSpan RetryAfter { get; private set; }

    /// <summary>Who is at the other end: the peer, or whom a trusted proxy names.</summary>
    public IPEndPoint? Remote { get; set; }

    /// <summary>A trusted proxy's, which has yet to name somebody: only then it counts for an address.</summary>
    public bool IsForwarded { get; set; }

    /// <summary>The one that came with a connection through Kestrel.</summary>
    public static ConnectionSlot Of(ConnectionContext connection) => (ConnectionSlot)connection.Items[Item]!;

    /// <summary>The one of the connection that a request came on; null on an endpoint of the framework's own settings.</summary>
    public static ConnectionSlot? Of(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>() is { } connection && connection.Items.TryGetValue(Item, out var slot) ? (ConnectionSlot?)slot : null;

    /// <summary>Goes along with a connection through Kestrel.</summary>
    public void AttachTo(ConnectionContext connection)
    {
        connection.Items[Item] = this;
        connection.RemoteEndPoint = Remote;
    }

    /// <summary>Counts it for an address, and no longer for the one before; false when that has too many.</summary>
    public bool TryCountFor(ClientAddress address)
    {
        if (_counted == address)
            return true;
        if (!_limiter.TryEnter(address, out var retryAfter))
        {
            (Refusal, RetryAfter) = (Refusal.TooManyOfAddress, retryAfter);
            return false;
        }

        Uncount();
        _counted = address;
        Refusal = Kind == SlotKind.Leaving ? Refusal.ServerFull : Refusal.None;
        return true;
    }

    /// <summary>
    /// It turned out to be of this kind. False when there is no place for one more and not even to say so; with a place
    /// just to say so it is refused.
    /// </summary>
    public bool TryBecome(SlotKind kind)
    {
        if (Kind == kind)
            return true;
        if (_slots.TryChange(Kind, kind))
        {
            Kind = kind;
            if (kind == SlotKind.Leaving || Refusal == Refusal.ServerFull)
                Refusal = kind == SlotKind.Leaving ? Refusal.ServerFull : Refusal.None;
            return true;
        }

        return Kind == SlotKind.Leaving || (kind != SlotKind.Leaving && TryBecome(SlotKind.Leaving));
    }

    /// <summary>It has a place only to hear why it is not served.</summary>
    public void Refuse(Refusal refusal, TimeSpan retryAfter = default) => (Refusal, RetryAfter) = (refusal, retryAfter);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) != 0)
            return;
        Uncount();
        _slots.Return(Kind);
    }

    private void Uncount()
    {
        if (_counted is { } address)
            _limiter.Leave(address);
        _counted = null;
    }
}

/// <summary>Why a connection is not served.</summary>
internal enum Refusal
{
    None,

    /// <summary>There is no place for one more.</summary>
    ServerFull,

    /// <summary>Its address has opened too many, at once or in a second.</summary>
    TooManyOfAddress,

    /// <summary>A proxy's, that does not say for whom it is.</summary>
    NoProxyHeader,
}
