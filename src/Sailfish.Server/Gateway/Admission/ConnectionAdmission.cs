using System.Net;
using Microsoft.Extensions.Options;
using Sailfish.Server.Gateway.Listening;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Gateway.Admission;

/// <summary>Whether a connection that was just accepted has a place, before a byte of it is read.</summary>
internal sealed class ConnectionAdmission(
    ConnectionSlots slots,
    ConnectionLimiter limiter,
    TrustedProxies proxies,
    IOptions<GatewayOptions> gateway)
{
    /// <summary>
    /// A place, be it only to hear why there is none to stay; null when it is closed at once, for the reason told.
    /// </summary>
    public ConnectionSlot? Admit(IPEndPoint? remote, GatewayPort port, bool isTls, out Refusal refusal, out TimeSpan retryAfter)
    {
        (refusal, retryAfter) = (Refusal.ServerFull, default);
        if (Take(port) is not { } kind)
            return null;
        var slot = new ConnectionSlot(slots, limiter, kind, remote) { IsForwarded = NamesOthers(remote, port) };
        if (slot.IsForwarded || remote is null || slot.TryCountFor(ClientAddress.Of(remote)))
            return slot;
        (refusal, retryAfter) = (slot.Refusal, slot.RetryAfter);
        // Over TLS a word would cost a handshake, which is the dearest thing that a stranger can ask for.
        if (!isTls && slot.TryBecome(SlotKind.Leaving))
        {
            slot.Refuse(refusal, retryAfter);
            return slot;
        }

        slot.Dispose();
        return null;
    }

    /// <summary>Whether whoever is at the other end will name whom the connection is for.</summary>
    public bool NamesOthers(IPEndPoint? remote, GatewayPort port) =>
        proxies.Contain(remote?.Address) && (port is not (GatewayPort.Tcp or GatewayPort.Rtmp) || gateway.Value.ProxyProtocol);

    private SlotKind? Take(GatewayPort port)
    {
        var kind = port == GatewayPort.Web ? SlotKind.Http : SlotKind.Gateway;
        if (slots.TryTake(kind))
            return kind;
        return slots.TryTake(SlotKind.Leaving) ? SlotKind.Leaving : null;
    }
}
