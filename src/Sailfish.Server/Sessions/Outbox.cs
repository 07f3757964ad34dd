using System.Buffers;
using System.Net.Sockets;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Sessions;

/// <summary>
/// What a connection still has to be sent. Bytes go to the socket at once when nothing is before them; what the socket
/// does not take waits here, and whatever arrives meanwhile goes out together. Everything happens under the outbox's own
/// lock, which also guards what must change in step with what is written (see RoomMember).
/// </summary>
/// <param name="transport">Takes the bytes.</param>
/// <param name="maxBytes">Bytes that may wait behind a flush before <see cref="HasRoom"/> says no.</param>
/// <param name="time">Tells since when a flush is stuck.</param>
internal sealed class Outbox(Transport transport, int maxBytes, TimeProvider time)
{
    private const int SmallestBuffer = 512;

    /// <summary>More ACKs than this were never held back by anybody honest.</summary>
    private const int MaxAckCredit = 65_536;

    /// <summary>A flush is under way: the socket does not take as fast as we write.</summary>
    private bool _flushing;
    private bool _closed;
    private bool _broken;

    /// <summary>Bytes appended since the last flush began; rented while there are any.</summary>
    private byte[]? _buffer;
    private int _waiting;
    private long _flushStarted;
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _uncrowded;
    private int _ackCredit;

    /// <summary>Runs under the lock when the socket takes bytes again; what it appends goes out behind what waited.</summary>
    public Action? Drained { get; set; }

    /// <summary>Bytes behind the flush under way.</summary>
    public int WaitingBytes => Volatile.Read(ref _waiting);

    /// <summary>Marks this outbox as part of a set to be flushed together; used by FlushSet under the lock.</summary>
    public bool IsInFlushSet { get; set; }

    /// <summary>Whether pushes may still be added. Replies are always added: their reader is made to wait instead.</summary>
    public bool HasRoom(int bytes) => _waiting == 0 || _waiting + bytes <= maxBytes;

    /// <summary>Whether the connection's own requests should wait until it has read its answers.</summary>
    public bool IsCrowded => WaitingBytes > maxBytes / 2;

    /// <summary>The peer is gone: what is sent reaches nobody.</summary>
    public bool IsBroken => Volatile.Read(ref _broken);

    /// <summary>When the flush under way began, as a timestamp of the time provider; 0 when there is none.</summary>
    public long StalledSince => Volatile.Read(ref _flushing) ? Volatile.Read(ref _flushStarted) : 0;

    /// <summary>Sends finished bytes behind what waits.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        lock (this)
            SendLocked(bytes);
    }

    /// <summary>Sends finished bytes behind what waits; copies only what the socket does not take. The caller holds the lock.</summary>
    public void SendLocked(ReadOnlySpan<byte> bytes)
    {
        if (_closed || _broken)
            return;
        var sent = _flushing || _waiting > 0 ? 0 : transport.TrySend(bytes);
        if (sent == bytes.Length)
            return;
        Append(bytes[sent..]);
        Flush();
    }

    /// <summary>Adds bytes without flushing. The caller holds the lock and flushes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (!_closed && !_broken)
            bytes.CopyTo(Extend(bytes.Length));
    }

    /// <summary>Adds one message for one receiver. The caller holds the lock and flushes.</summary>
    public void Append(EncodedMessage message, Dialect dialect, long receiver)
    {
        if (_closed || _broken)
            return;
        GrantAcks(1);
        var copy = Extend(message.Bytes.Length);
        message.Bytes.CopyTo(copy);
        ReceiverSlot.Write(copy.Slice(message.SlotOffset, ReceiverSlot.WidthIn(dialect)), dialect, receiver);
    }

    /// <summary>Messages were sent, and may be acked. The caller holds the lock.</summary>
    public void GrantAcks(int count) => _ackCredit = Math.Min(_ackCredit + count, MaxAckCredit);

    /// <summary>Whether an ACK can be of a message that was sent: there are not more of them than messages.</summary>
    public bool TryTakeAck()
    {
        lock (this)
        {
            if (_ackCredit == 0)
                return false;
            _ackCredit--;
            return true;
        }
    }

    /// <summary>Begins a flush when none is under way. The caller holds the lock.</summary>
    public void Flush()
    {
        while (!_flushing && !_broken && _waiting > 0)
        {
            // Taken at once: a push may have been skipped all the same, when one batch held more than may wait.
            if (BeginFlush())
                TellDrained();
        }
    }

    /// <summary>Completes when no flush is under way, or the connection is gone. For the end of a connection.</summary>
    public Task WhenDrainedAsync()
    {
        lock (this)
        {
            if (!_flushing)
                return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>
    /// Completes when what waited has been handed to the socket, though the next may be crowding it by then, and at once
    /// when it is not crowded. A reader that is always behind gets there with each flush, but never to the end of all.
    /// </summary>
    public Task WhenUncrowdedAsync()
    {
        lock (this)
        {
            if (!IsCrowded || _closed)
                return Task.CompletedTask;
            _uncrowded ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _uncrowded.Task;
        }
    }

    /// <summary>Takes no more; what was added before still goes out.</summary>
    public void Close()
    {
        lock (this)
        {
            _closed = true;
            Flush();
            TellUncrowded();
        }
    }

    /// <summary>Bytes are missing, so nothing may follow them. The caller holds the lock.</summary>
    public void Cut()
    {
        Break();
        transport.Abort("A flush failed.");
    }

    private Span<byte> Extend(int length)
    {
        var start = _waiting;
        if (_buffer is null || _buffer.Length < start + length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(start * 2, start + length), SmallestBuffer));
            _buffer.AsSpan(0, start).CopyTo(larger);
            Return(_buffer);
            _buffer = larger;
        }

        _waiting = start + length;
        return _buffer.AsSpan(start, length);
    }

    /// <summary>True when the socket took all at once.</summary>
    private bool BeginFlush()
    {
        var (buffer, length) = (_buffer!, _waiting);
        (_buffer, _waiting) = (null, 0);
        TellUncrowded();
        var sent = transport.TrySend(buffer.AsSpan(0, length));
        if (sent == length)
        {
            Return(buffer);
            return true;
        }

        _flushing = true;
        _flushStarted = time.GetTimestamp();
        _ = FinishFlushAsync(buffer, sent, length);
        return false;
    }

    /// <summary>Waits for the socket to take the rest. Never throws.</summary>
    private async Task FinishFlushAsync(byte[] buffer, int sent, int length)
    {
        var isGone = false;
        try
        {
            await transport.SendAsync(buffer.AsMemory(sent, length - sent));
        }
        catch (Exception gone) when (gone is IOException or SocketException or InvalidOperationException or OperationCanceledException)
        {
            // The peer reset the connection; the receive loop sees the same and ends it.
            isGone = true;
        }

        Return(buffer);
        lock (this)
            EndFlush(isGone);
    }

    private void EndFlush(bool isGone)
    {
        _flushing = false;
        if (isGone)
            Break();
        TellDrained();
        // What was appended while the last flush was under way goes out as one.
        Flush();
        if (_flushing)
            return;
        _drained?.TrySetResult();
        _drained = null;
    }

    /// <summary>Nothing waits for a socket that is gone: nobody must wait for it to drain.</summary>
    private void Break()
    {
        _broken = true;
        Return(_buffer);
        (_buffer, _waiting) = (null, 0);
        TellUncrowded();
    }

    private void TellUncrowded()
    {
        _uncrowded?.TrySetResult();
        _uncrowded = null;
    }

    private void TellDrained()
    {
        if (!_closed && !_broken)
            Drained?.Invoke();
    }

    private static void Return(byte[]? buffer)
    {
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
