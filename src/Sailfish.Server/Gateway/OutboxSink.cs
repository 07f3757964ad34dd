using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sailfish.Server.Gateway;

/// <summary>Where an outbox's bytes go. One send at a time; the outbox sees to that.</summary>
internal abstract class OutboxSink
{
    /// <summary>
    /// Hands over what is taken at once, without waiting, and tells how many bytes that were. Of a peer that is gone it
    /// says 0: <see cref="SendAsync"/> then tells what happened.
    /// </summary>
    public abstract int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Hands over all of it; completes when it is taken, and fails when the peer is gone.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes);
}

/// <summary>
/// The socket itself. Going through the transport's pipe instead costs a copy, a reader woken and a pooled block for each
/// send, which together weigh as much as the system call (docs/design.md, section 7).
/// </summary>
internal sealed class SocketSink : OutboxSink
{
    private readonly Socket _socket;

    public SocketSink(Socket socket)
    {
        _socket = socket;
        // The transport only awaits, so that this changes nothing for it: Send now says WouldBlock instead of waiting.
        socket.Blocking = false;
    }

    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Math.Max(_socket.Send(bytes, SocketFlags.None, out _), 0);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
    }
}

/// <summary>The pipe that TLS puts before the socket: it encrypts as it writes, and nothing is taken without that.</summary>
internal sealed class PipeSink(PipeWriter output) : OutboxSink
{
    public override int TrySend(ReadOnlySpan<byte> bytes) => 0;

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var flushed = await output.WriteAsync(bytes);
        if (flushed.IsCompleted)
            throw new IOException("The transport ended the pipe.");
    }
}
