using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Sailfish.Server.Transports;

/// <summary>
/// A plain socket and nothing around it. What Kestrel keeps for a connection weighs more than all that Sailfish keeps, and
/// its pipe costs a copy, a reader woken and a pooled block for each send (docs/decisions/010-plain-sockets.md).
/// </summary>
internal sealed class SocketTransport : Transport
{
    private readonly Socket _socket;
    private readonly SocketReader _reader;
    private int _ended;

    public SocketTransport(Socket socket, EndPoint? remote = null)
    {
        _socket = socket;
        RemoteEndPoint = remote;
        _socket.NoDelay = true;
        // Receive and Send say WouldBlock instead of waiting; what is awaited is not touched by this.
        _socket.Blocking = false;
        _reader = new SocketReader(socket);
    }

    public override PipeReader Input => _reader;

    public override bool IsEnded => Volatile.Read(ref _ended) != 0;

    public override bool HasPeerLeft => IsEnded || PeerState.HasLeft(_socket);

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

    public override void LimitUnsent(int bytes) => UnsentLimit.Set(_socket, bytes);

    /// <summary>Waits for the first bytes, or the end; false when it was cut.</summary>
    public ValueTask<bool> WaitAsync() => _reader.WaitForBytesAsync();

    /// <summary>Looks at what has come, without taking it; 0 when the peer has left.</summary>
    public int Peek(Span<byte> buffer)
    {
        try
        {
            return Math.Max(_socket.Receive(buffer, SocketFlags.Peek, out _), 0);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>Takes what was looked at, past the reader, which has none of it.</summary>
    public void Take(Span<byte> buffer)
    {
        try
        {
            _socket.Receive(buffer, SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // Cut meanwhile: the next wait finds the end.
        }
    }

    /// <summary>Nothing more is said.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The peer was faster, or it was cut.
        }
    }

    /// <summary>Lets go of the socket, so that another may carry it on. Nothing was taken from it.</summary>
    public Socket Release()
    {
        Interlocked.Exchange(ref _ended, 1);
        _reader.Complete();
        return _socket;
    }

    /// <summary>Closes in good order what has been drained.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The peer was faster.
            }

            _socket.Dispose();
        }

        _reader.Complete();
    }

    /// <summary>With a reset: what the peer has not read must not stay in the kernel.</summary>
    public override void Abort(string reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            _socket.Close(timeout: 0);
    }
}
