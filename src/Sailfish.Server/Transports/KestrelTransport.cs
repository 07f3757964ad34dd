using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Sailfish.Server.Transports;

/// <summary>
/// A connection that went through Kestrel: on ports with TLS all, on others those whose request head came in pieces.
/// </summary>
internal sealed class KestrelTransport(ConnectionContext context) : Transport
{
    public override EndPoint? RemoteEndPoint
    {
        get => context.RemoteEndPoint;
        set => context.RemoteEndPoint = value;
    }

    public override PipeReader Input => context.Transport.Input;

    public override bool IsEnded => context.ConnectionClosed.IsCancellationRequested;

    public override bool HasPeerLeft => IsEnded || (context.Features.Get<IConnectionSocketFeature>() is { Socket: var socket } && PeerState.HasLeft(socket));

    /// <summary>Nothing is taken without waiting: TLS encrypts while it flushes, and must not be written to meanwhile.</summary>
    public override int TrySend(ReadOnlySpan<byte> bytes) => 0;

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var flushed = await context.Transport.Output.WriteAsync(bytes);
        if (flushed.IsCompleted)
            throw new IOException("The transport ended the pipe.");
    }

    public override void LimitUnsent(int bytes) => UnsentLimit.Set(context.Features, bytes);

    public override void Abort(string reason) => context.Abort(new ConnectionAbortedException(reason));
}
