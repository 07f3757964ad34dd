using System.IO.Pipelines;
using System.Net;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>The body of an answer of HTTP, as bytes that go out one after the other. Nothing comes in.</summary>
internal sealed class ResponseTransport(HttpContext context) : Transport
{
    public override EndPoint? RemoteEndPoint { get; set; }

    public override PipeReader Input => throw new NotSupportedException("An answer is written to.");

    public override bool IsEnded => context.RequestAborted.IsCancellationRequested;

    public override bool HasPeerLeft => IsEnded;

    public override int TrySend(ReadOnlySpan<byte> bytes) => 0;

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var flushed = await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
        if (flushed.IsCompleted)
            throw new IOException("The peer takes no more.");
    }

    public override void LimitUnsent(int bytes) => UnsentLimit.Set(context.Features, bytes);

    public override void Abort(string reason) => context.Abort();
}
