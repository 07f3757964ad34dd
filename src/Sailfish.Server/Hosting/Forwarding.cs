using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Server.Hosting;

/// <summary>
/// <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> of trusted proxies: one rule, the framework's, for what goes to
/// it and for the heads of WebSockets, which we read ourselves.
/// </summary>
internal sealed class Forwarding
{
    private readonly ForwardedHeadersMiddleware _rule;

    public Forwarding(TrustedProxies proxies, ILoggerFactory loggers)
    {
        Options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            // Through as many proxies as there are trusted ones, and no further.
            ForwardLimit = null,
        };
        Options.KnownProxies.Clear();
        Options.KnownIPNetworks.Clear();
        foreach (var network in proxies.Networks)
            Options.KnownIPNetworks.Add(network);
        _rule = new ForwardedHeadersMiddleware(static _ => Task.CompletedTask, loggers, Microsoft.Extensions.Options.Options.Create(Options));
    }

    public ForwardedHeadersOptions Options { get; }

    /// <summary>Whom and which host a head is for, when it comes from this peer.</summary>
    public (IPEndPoint Remote, string? Host) Of(WebSocketRequest request, IPEndPoint peer)
    {
        var context = new DefaultHttpContext();
        (context.Connection.RemoteIpAddress, context.Connection.RemotePort) = (peer.Address, peer.Port);
        var headers = context.Request.Headers;
        headers.Host = request.Host;
        headers["X-Forwarded-For"] = request.ForwardedFor;
        headers["X-Forwarded-Host"] = request.ForwardedHost;
        _rule.ApplyForwarders(context);
        return (new IPEndPoint(context.Connection.RemoteIpAddress, context.Connection.RemotePort), headers.Host);
    }
}
