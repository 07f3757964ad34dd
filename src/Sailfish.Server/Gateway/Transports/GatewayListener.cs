using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Sailfish.Server.Gateway.Transports;

/// <summary>Accepts the sockets of one port, serves ours, and hands the others to Kestrel.</summary>
internal sealed class GatewayListener : IConnectionListener
{
    /// <summary>A request head comes in one piece if it fits a segment or two; others go the way through Kestrel.</summary>
    private const int MaxPeek = 4096;

    /// <summary>When the process has no file left, the next accept fails as well: not at once, so that others get on.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly Socket _socket;
    private readonly GatewayPort _port;
    private readonly ConnectionHost _host;
    private readonly WebSocketUpgrade _upgrade;
    private readonly PendingHeads _heads;
    private readonly int _maxConnections;
    private readonly SocketConnectionContextFactory _kestrel;
    private readonly ILogger _logger;
    private readonly Channel<Socket> _http = Channel.CreateUnbounded<Socket>();
    private readonly CancellationTokenSource _unbound = new();
    private readonly Task _accepting;
    private int _count;

    public GatewayListener(
        Socket socket,
        GatewayPort port,
        ConnectionHost host,
        WebSocketUpgrade upgrade,
        PendingHeads heads,
        int maxConnections,
        SocketConnectionContextFactory kestrel,
        ILogger<GatewayListener> logger)
    {
        _socket = socket;
        _port = port;
        _host = host;
        _upgrade = upgrade;
        _heads = heads;
        _maxConnections = maxConnections;
        _kestrel = kestrel;
        _logger = logger;
        EndPoint = socket.LocalEndPoint!;
        // A thread of its own: when all come back at once, those that are served must not keep it from the others, whose
        // connecting is dropped when the kernel's queue is full and tried again only after a second.
        _accepting = Task.Factory.StartNew(AcceptAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public EndPoint EndPoint { get; }

    /// <summary>The next connection that is HTTP; null when no more come.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _http.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_http.Reader.TryRead(out var socket))
            {
                try
                {
                    return _kestrel.Create(socket);
                }
                catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
                {
                    // Cut, or reset by its peer, on the way here.
                    socket.Dispose();
                }
            }
        }

        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        _socket.Dispose();
        await _accepting;
        _http.Writer.TryComplete();
    }

    /// <summary>All were told to end before; waits a moment until they have.</summary>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_http.Reader.TryRead(out var socket))
            socket.Dispose();
        using var limit = new CancellationTokenSource(EndLimit);
        while (Volatile.Read(ref _count) > 0 && !limit.IsCancellationRequested)
            await Task.Delay(Poll, CancellationToken.None);
        _kestrel.Dispose();
        _unbound.Dispose();
    }

    private void AcceptAll()
    {
        while (!_unbound.IsCancellationRequested)
        {
            try
            {
                var socket = _socket.Accept();
                if (Interlocked.Increment(ref _count) > _maxConnections)
                {
                    Interlocked.Decrement(ref _count);
                    socket.Dispose();
                    continue;
                }

                ThreadPool.UnsafeQueueUserWorkItem(
                    static accepted => _ = accepted.Listener.ServeAsync(accepted.Socket), (Listener: this, Socket: socket), preferLocal: false);
            }
            catch (Exception stopped) when (_unbound.IsCancellationRequested && stopped is (ObjectDisposedException or SocketException))
            {
                return;
            }
            catch (SocketException failure)
            {
                GatewayLog.AcceptFailed(_logger, failure.SocketErrorCode);
                _unbound.Token.WaitHandle.WaitOne(PauseAfterFailure);
            }
        }
    }

    /// <summary>The whole life of a connection, which was counted. Never throws.</summary>
    private async Task ServeAsync(Socket socket)
    {
        try
        {
            var transport = new SocketTransport(socket);
            var opening = _port == GatewayPort.Tcp ? Opening.Tcp : await OpenAsync(transport);
            if (opening.Kind == OpeningKind.Ours)
                await _host.RunAsync(transport, opening);
            if (opening.Kind == OpeningKind.Other)
                HandOn(transport.Release());
            else
                transport.End();
        }
#pragma warning disable CA1031 // one connection's fault must not end the accepting
        catch (Exception fault)
#pragma warning restore CA1031
        {
            GatewayLog.ListenerFault(_logger, fault);
            socket.Dispose();
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    private void HandOn(Socket socket)
    {
        // The listener may be closing.
        if (!_http.Writer.TryWrite(socket))
            socket.Dispose();
    }

    /// <summary>
    /// Looks at what came first without taking it, so that Kestrel finds the whole request: a head of ours that is whole is
    /// answered here; one in pieces is put together behind Kestrel (see KestrelSetup).
    /// </summary>
    private async ValueTask<Opening> OpenAsync(SocketTransport transport)
    {
        _heads.Add(transport);
        try
        {
            if (!await transport.WaitAsync())
                return new Opening(OpeningKind.Ended);
        }
        finally
        {
            _heads.Remove(transport);
        }

        var allowLegacyPath = _port == GatewayPort.WebSocket;
        return IsWebSocket(transport, allowLegacyPath) switch
        {
            true => await _upgrade.OpenAsync(transport, allowLegacyPath),
            false => new Opening(OpeningKind.Other),
            null => new Opening(OpeningKind.Ended),
        };
    }

    /// <summary>Whether the head that came is whole and asks for one of our paths; null when the peer has left.</summary>
    private static bool? IsWebSocket(SocketTransport transport, bool allowLegacyPath)
    {
        var head = ArrayPool<byte>.Shared.Rent(MaxPeek);
        var count = transport.Peek(head.AsSpan(0, MaxPeek));
        bool? isOurs = count == 0 ? null : WebSocketUpgrade.IsOurs(head.AsMemory(0, count), allowLegacyPath);
        ArrayPool<byte>.Shared.Return(head);
        return isOurs;
    }
}
