using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Hosting;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway.Listening;

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
    private readonly bool _isTls;
    private readonly bool _hasProxyHeaders;
    private readonly ConnectionAdmission _admission;
    private readonly ConnectionHost _host;
    private readonly LiveGateway _live;
    private readonly WebSocketUpgrade _upgrade;
    private readonly PendingHeads _heads;
    private readonly SocketConnectionContextFactory _kestrel;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<(Socket Socket, ConnectionSlot Slot)> _handedOn = Channel.CreateUnbounded<(Socket, ConnectionSlot)>();
    private readonly CancellationTokenSource _unbound = new();
    private readonly Task _accepting;
    private int _count;

    public GatewayListener(
        Socket socket,
        GatewayEndPoint address,
        bool hasProxyHeaders,
        ConnectionAdmission admission,
        ConnectionHost host,
        LiveGateway live,
        WebSocketUpgrade upgrade,
        PendingHeads heads,
        SocketConnectionContextFactory kestrel,
        TimeProvider time,
        ILogger<GatewayListener> logger)
    {
        _socket = socket;
        (_port, _isTls) = (address.Spoken, address.IsTls);
        _hasProxyHeaders = hasProxyHeaders && _port != GatewayPort.Web;
        _admission = admission;
        _host = host;
        _live = live;
        _upgrade = upgrade;
        _heads = heads;
        _kestrel = kestrel;
        _time = time;
        _logger = logger;
        EndPoint = socket.LocalEndPoint!;
        // A thread of its own: when all come back at once, those that are served must not keep it from the others, whose
        // connecting is dropped when the kernel's queue is full and tried again only after a second.
        _accepting = Task.Factory.StartNew(AcceptAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public EndPoint EndPoint { get; }

    /// <summary>The next connection for Kestrel: HTTP, or any over TLS; null when no more come.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _handedOn.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_handedOn.Reader.TryRead(out var next))
            {
                try
                {
                    var connection = _kestrel.Create(next.Socket);
                    next.Slot.AttachTo(connection);
                    return connection;
                }
                catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
                {
                    // Cut, or reset by its peer, on the way here.
                    End(next.Socket, next.Slot);
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
        _handedOn.Writer.TryComplete();
    }

    /// <summary>All were told to end before; waits a moment until they have.</summary>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_handedOn.Reader.TryRead(out var next))
            End(next.Socket, next.Slot);
        using var limit = new CancellationTokenSource(EndLimit);
        while (Volatile.Read(ref _count) > 0 && !limit.IsCancellationRequested)
            await Task.Delay(Poll, CancellationToken.None);
        _kestrel.Dispose();
        _unbound.Dispose();
    }

    private static void End(Socket socket, ConnectionSlot slot)
    {
        socket.Dispose();
        slot.Dispose();
    }

    private void AcceptAll()
    {
        while (!_unbound.IsCancellationRequested)
        {
            try
            {
                Admit(_socket.Accept());
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

    private void Admit(Socket socket)
    {
        var remote = RemoteOf(socket);
        if (_admission.Admit(remote, _port, _isTls, out var refusal, out var retryAfter) is not { } slot)
        {
            CloseAtOnce(socket, LastWords.Of(_port, refusal, retryAfter));
            return;
        }

        Interlocked.Increment(ref _count);
        ThreadPool.UnsafeQueueUserWorkItem(
            static accepted => _ = accepted.Listener.ServeAsync(accepted.Socket, accepted.Slot), (Listener: this, Socket: socket, Slot: slot), preferLocal: false);
    }

    private static IPEndPoint? RemoteOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint as IPEndPoint;
        }
        catch (SocketException)
        {
            // Reset by its peer already.
            return null;
        }
    }

    /// <summary>In the accepting thread: nothing is waited for. Who has asked for something already may not hear it.</summary>
    private void CloseAtOnce(Socket socket, ReadOnlyMemory<byte> words)
    {
        using (socket)
        {
            if (_isTls)
                return;
            socket.Blocking = false;
            socket.Send(words.Span, SocketFlags.None, out _);
        }
    }

    /// <summary>The whole life of a connection, which was counted. Never throws.</summary>
    private async Task ServeAsync(Socket socket, ConnectionSlot slot)
    {
        var isHandedOn = false;
        try
        {
            var transport = new SocketTransport(socket, slot.Remote);
            var opening = await OpenAsync(transport, slot);
            if (opening.Kind == OpeningKind.Ours)
                await _host.RunAsync(transport, opening, slot);
            else
                await _live.RunAsync(transport, opening);
            if (opening.Kind == OpeningKind.Other)
                isHandedOn = _handedOn.Writer.TryWrite((transport.Release(), slot));
            else
                transport.End();
        }
#pragma warning disable CA1031 // one connection's fault must not end the accepting
        catch (Exception fault)
#pragma warning restore CA1031
        {
            GatewayLog.ListenerFault(_logger, fault);
        }
        finally
        {
            // Nobody has taken it when the listener closes.
            if (!isHandedOn)
                End(socket, slot);
            Interlocked.Decrement(ref _count);
        }
    }

    private async ValueTask<Opening> OpenAsync(SocketTransport transport, ConnectionSlot slot)
    {
        if (_hasProxyHeaders && slot.IsForwarded)
            await ReadProxyHeaderAsync(transport, slot);
        if (_isTls)
            return slot.Refusal is Refusal.None or Refusal.ServerFull ? new Opening(OpeningKind.Other) : new Opening(OpeningKind.Ended);
        if (_port == GatewayPort.Tcp)
            return Opening.Tcp;
        if (_port == GatewayPort.Rtmp)
            return slot.Refusal == Refusal.None ? Opening.Rtmp : new Opening(OpeningKind.Ended);
        if (slot.Refusal is Refusal.None or Refusal.ServerFull)
            return await OpenWebAsync(transport, slot);
        await Farewell.SayAsync(transport, LastWords.Of(_port, slot.Refusal, slot.RetryAfter), _time);
        return new Opening(OpeningKind.Ended);
    }

    /// <summary>Puts whom the proxy names in its place, be it that he has too many connections.</summary>
    private async ValueTask ReadProxyHeaderAsync(SocketTransport transport, ConnectionSlot slot)
    {
        _heads.Add(transport);
        var (isGood, source) = await ProxyHeaderReader.ReadAsync(transport);
        _heads.Remove(transport);
        if (!isGood)
        {
            slot.Refuse(Refusal.NoProxyHeader);
            return;
        }

        transport.RemoteEndPoint = slot.Remote = source ?? slot.Remote;
        // A proxy in front of this one, or its own question after our health: neither is anybody's.
        slot.IsForwarded = _port is not (GatewayPort.Tcp or GatewayPort.Rtmp) && _admission.NamesOthers(slot.Remote, _port);
        if (source is not null && !slot.IsForwarded)
            slot.TryCountFor(ClientAddress.Of(source));
    }

    /// <summary>
    /// Looks at what came first without taking it, so that Kestrel finds the whole request: a head of ours that is whole is
    /// answered here; one in pieces is put together behind Kestrel (see KestrelSetup).
    /// </summary>
    private async ValueTask<Opening> OpenWebAsync(SocketTransport transport, ConnectionSlot slot)
    {
        _heads.Add(transport, isHurried: slot.Refusal != Refusal.None);
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
        if (!TryPeek(transport, allowLegacyPath, out var request))
            return new Opening(OpeningKind.Ended);
        return request is null
            ? new Opening(OpeningKind.Other)
            : await _upgrade.OpenAsync(transport, allowLegacyPath, slot, request);
    }

    /// <summary>Finds the request in what came, if its head is whole and asks for one of our paths; false when the peer has left.</summary>
    private bool TryPeek(SocketTransport transport, bool allowLegacyPath, out UpgradeRequest? request)
    {
        var head = ArrayPool<byte>.Shared.Rent(MaxPeek);
        var count = transport.Peek(head.AsSpan(0, MaxPeek));
        request = _upgrade.Find(new ReadOnlySequence<byte>(head, 0, count), allowLegacyPath);
        ArrayPool<byte>.Shared.Return(head);
        return count > 0;
    }
}
