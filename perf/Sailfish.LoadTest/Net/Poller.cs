using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sailfish.LoadTest.Net;

/// <summary>
/// Reads and writes many sockets from the calling thread: edge-triggered epoll, one receive buffer for all,
/// and per connection only the start of a frame that has not arrived whole.
/// </summary>
internal sealed class Poller : IDisposable
{
    private const int BufferSize = 256 * 1024;
    private const uint Interest = Libc.EpollIn | Libc.EpollOut | Libc.EpollReadHangUp | Libc.EpollEdge;
    private const uint Reset = Libc.EpollHangUp | Libc.EpollError;
    private const uint Ending = Libc.EpollReadHangUp | Reset;

    /// <summary>
    /// How long to look again and again before sleeping. Waking a sleeper is a fifth of what a send over loopback costs, and
    /// the sender pays it: over a network nobody does.
    /// </summary>
    private static readonly long SpinTicks = Stopwatch.Frequency / 5000;

    private readonly int _epoll;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private readonly EpollEvents _events = new(1024);
    private readonly EpollEvents _added = new(1);
    private readonly List<Connection> _connections = [];
    private long _lastEvent;

    internal Poller()
    {
        _epoll = Libc.EpollCreate(Libc.EpollCloseOnExec);
        ThrowIf(_epoll < 0, "epoll_create1");
    }

    /// <summary>Bytes that arrived on all connections.</summary>
    internal long BytesReceived { get; private set; }

    /// <summary>Calls of recv that brought bytes.</summary>
    internal long Reads { get; private set; }

    /// <summary>Begins to connect to a port of this machine; what is sent before it is done waits.</summary>
    internal void Connect(Connection connection, int port)
    {
        var descriptor = Libc.Socket(Libc.AddressFamilyInet, Libc.StreamNonBlockingCloseOnExec, 0);
        ThrowIf(descriptor < 0, "socket");
        connection.Reset();
        connection.Descriptor = descriptor;
        _ = Libc.SetOption(descriptor, Libc.LevelTcp, Libc.TcpNoDelay, 1L, sizeof(int));
        if (connection.ReceiveBuffer > 0)
            _ = Libc.SetOption(descriptor, Libc.LevelSocket, Libc.ReceiveBuffer, connection.ReceiveBuffer, sizeof(int));
        ThrowIf(
            Libc.Connect(descriptor, InetAddress.Loopback(port), InetAddress.Size) < 0
                && Marshal.GetLastPInvokeError() != Libc.InProgress,
            "connect");
        _added.Set(0, Interest, _connections.Count);
        _connections.Add(connection);
        ThrowIf(Libc.EpollControl(_epoll, Libc.EpollControlAdd, descriptor, ref _added.First) < 0, "epoll_ctl");
    }

    /// <summary>Handles what is ready, waiting up to <paramref name="timeoutMilliseconds"/> for it.</summary>
    internal void Poll(int timeoutMilliseconds)
    {
        var count = timeoutMilliseconds > 0 ? Spin() : 0;
        if (count == 0)
            count = Wait(timeoutMilliseconds);
        if (count > 0)
            _lastEvent = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var connection = _connections[_events.Data(i)];
            var flags = _events.Flags(i);
            if (connection.Unsent is not null && (flags & Libc.EpollOut) != 0)
                Flush(connection);
            if (connection.IsPaused && connection.EndsWhilePaused && (flags & Reset) != 0)
                End(connection);
            else if ((flags & (Libc.EpollIn | Ending)) != 0 && !connection.IsPaused)
                Receive(connection, (flags & Ending) != 0);
        }
    }

    /// <summary>Reads again from a connection that was paused: what came meanwhile is no new edge.</summary>
    internal void Resume(Connection connection)
    {
        connection.IsPaused = false;
        Receive(connection, ending: true);
    }

    /// <summary>Sends now what the kernel takes, and the rest when it takes more.</summary>
    internal static void Send(Connection connection, ReadOnlySpan<byte> bytes)
    {
        if (!connection.IsOpen)
            return;
        var sent = connection.Unsent is null ? TrySend(connection, bytes) : 0;
        if (sent == bytes.Length || !connection.IsOpen)
            return;
        connection.Unsent ??= new ArrayBufferWriter<byte>();
        connection.Unsent.Write(bytes[sent..]);
    }

    internal static void Close(Connection connection)
    {
        if (!connection.IsOpen)
            return;
        _ = Libc.Close(connection.Descriptor);
        connection.Descriptor = -1;
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            Close(connection);
        _ = Libc.Close(_epoll);
    }

    private static int TrySend(Connection connection, ReadOnlySpan<byte> bytes)
    {
        var sent = Libc.Send(
            connection.Descriptor,
            in MemoryMarshal.GetReference(bytes),
            bytes.Length,
            Libc.MessageDontWait | Libc.MessageNoSignal);
        if (sent >= 0)
            return (int)sent;
        if (Marshal.GetLastPInvokeError() is not (Libc.Again or Libc.Interrupted))
            End(connection);
        return 0;
    }

    private static void Flush(Connection connection)
    {
        var unsent = connection.Unsent!;
        connection.Unsent = null;
        var sent = TrySend(connection, unsent.WrittenSpan);
        if (sent == unsent.WrittenCount || !connection.IsOpen)
            return;
        connection.Unsent = new ArrayBufferWriter<byte>();
        connection.Unsent.Write(unsent.WrittenSpan[sent..]);
    }

    /// <summary>Looks for more while events are coming.</summary>
    private int Spin()
    {
        var count = 0;
        while (count == 0 && Stopwatch.GetTimestamp() - _lastEvent < SpinTicks)
            count = Wait(timeoutMilliseconds: 0);
        return count;
    }

    private int Wait(int timeoutMilliseconds)
    {
        var count = Libc.EpollWait(_epoll, ref _events.First, _events.Count, timeoutMilliseconds);
        ThrowIf(count < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted, "epoll_wait");
        return count;
    }

    private void Receive(Connection connection, bool ending)
    {
        while (connection.IsOpen)
        {
            var carried = connection.CarryLength;
            if (carried > 0)
                connection.Carry.AsSpan(0, carried).CopyTo(_buffer);
            var room = _buffer.Length - carried;
            if (room == 0)
                throw new LoadTestException($"The server sent a message of more than {_buffer.Length} bytes.");
            var read = (int)Libc.Receive(connection.Descriptor, ref _buffer[carried], room, Libc.MessageDontWait);
            if (read <= 0)
            {
                if (read == 0 || Marshal.GetLastPInvokeError() is not (Libc.Again or Libc.Interrupted))
                    End(connection);
                return;
            }

            BytesReceived += read;
            Reads++;
            var consumed = connection.Consume(_buffer.AsMemory(0, carried + read));
            connection.KeepCarry(_buffer.AsSpan(consumed, carried + read - consumed));
            // A short read emptied the socket: what comes later is a new edge. An end that came with the bytes is not.
            if (read < room && !ending)
                return;
        }
    }

    private static void End(Connection connection)
    {
        Close(connection);
        connection.OnClosed();
    }

    private static void ThrowIf(bool failed, string call)
    {
        if (failed)
            throw new LoadTestException($"{call}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }
}
