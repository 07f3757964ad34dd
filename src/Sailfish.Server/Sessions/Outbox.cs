using System.Buffers;
using System.Net.Sockets;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Sessions;

/// <summary>
/// What a connection still has to be sent. Bytes go to the socket at once when nothing is before them; what the socket
/// does not take waits here, and whatever arrives meanwhile goes out together. Everything happens under the outbox's own
/// lock. Whoever does several things under it does them through a <see cref="Scope"/>, which only the lock gives.
/// </summary>
/// <param name="transport">Takes the bytes.</param>
/// <param name="maxBytes">Bytes that may wait behind a flush before <see cref="Scope.HasRoom"/> says no.</param>
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
    private bool _isInFlushSet;

    /// <summary>Bytes appended since the last flush began; rented while there are any.</summary>
    private byte[]? _buffer;
    private int _waiting;
    private long _flushStarted;
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _uncrowded;
    private int _ackCredit;
    private IOutboxWatcher? _watcher;

    /// <summary>Bytes behind the flush under way.</summary>
    public int WaitingBytes => Volatile.Read(ref _waiting);

    /// <summary>Whether the connection's own requests should wait until it has read its answers.</summary>
    public bool IsCrowded => WaitingBytes > maxBytes / 2;

    /// <summary>The peer is gone: what is sent reaches nobody.</summary>
    public bool IsBroken => Volatile.Read(ref _broken);

    /// <summary>What is added waits for <see cref="Scope.Release"/>, as if a flush were under way: one that never began.</summary>
    private bool IsHeld => _flushing && _flushStarted == 0;

    /// <summary>When the flush under way began, as a timestamp of the time provider; 0 when there is none.</summary>
    public long StalledSince => Volatile.Read(ref _flushing) ? Volatile.Read(ref _flushStarted) : 0;

    /// <summary>Takes the lock, until the scope is disposed.</summary>
    public Scope EnterScope() => new(this);

    /// <summary>Sends finished bytes behind what waits.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        using var scope = EnterScope();
        scope.Send(bytes);
    }

    /// <summary>Whether an ACK can be of a message that was sent: there are not more of them than messages.</summary>
    public bool TryTakeAck()
    {
        using var scope = EnterScope();
        if (_ackCredit == 0)
            return false;
        _ackCredit--;
        return true;
    }

    /// <summary>Completes when no flush is under way, or the connection is gone. For the end of a connection.</summary>
    public Task WhenDrainedAsync()
    {
        using var scope = EnterScope();
        if (!_flushing)
            return Task.CompletedTask;
        _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _drained.Task;
    }

    /// <summary>
    /// Completes when what waited has been handed to the socket, though the next may be crowding it by then, and at once
    /// when it is not crowded. A reader that is always behind gets there with each flush, but never to the end of all.
    /// </summary>
    public Task WhenUncrowdedAsync()
    {
        using var scope = EnterScope();
        if (!IsCrowded || _closed)
            return Task.CompletedTask;
        _uncrowded ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _uncrowded.Task;
    }

    /// <summary>Takes no more; what was added before still goes out.</summary>
    public void Close()
    {
        using var scope = EnterScope();
        scope.Close();
    }

    private bool HasRoom(int bytes) => _waiting == 0 || _waiting + bytes <= maxBytes;

    private void Send(Scope scope, ReadOnlySpan<byte> bytes)
    {
        if (_closed || _broken)
            return;
        var sent = _flushing || _waiting > 0 ? 0 : transport.TrySend(bytes);
        if (sent == bytes.Length)
            return;
        Append(bytes[sent..]);
        Flush(scope);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (!_closed && !_broken)
            bytes.CopyTo(Extend(bytes.Length));
    }

    private void Append(EncodedMessage message, Dialect dialect, long receiver)
    {
        if (_closed || _broken)
            return;
        GrantAcks(1);
        var copy = Extend(message.Bytes.Length);
        message.Bytes.CopyTo(copy);
        ReceiverSlot.Write(copy.Slice(message.SlotOffset, ReceiverSlot.WidthIn(dialect)), dialect, receiver);
    }

    private void GrantAcks(int count) => _ackCredit = Math.Min(_ackCredit + count, MaxAckCredit);

    private void Flush(Scope scope)
    {
        while (!_flushing && !_broken && _waiting > 0)
        {
            // Taken at once: a push may have been skipped all the same, when one batch held more than may wait.
            if (BeginFlush())
                TellDrained(scope);
        }
    }

    private void Hold()
    {
        // With a flush under way it is nothing that waits for an answer: the connection is about to end.
        if (!_flushing)
            (_flushing, _flushStarted) = (true, 0);
    }

    private void Release(Scope scope, ReadOnlySpan<byte> first)
    {
        var (held, length) = (_buffer, _waiting);
        if (IsHeld)
            (_buffer, _waiting, _flushing) = (null, 0, false);
        else
            length = 0;
        Append(first);
        if (length > 0)
        {
            Append(held.AsSpan(0, length));
            Return(held);
        }

        Flush(scope);
    }

    private void Drop()
    {
        if (!IsHeld)
            return;
        _flushing = false;
        Return(_buffer);
        (_buffer, _waiting) = (null, 0);
    }

    private void Close(Scope scope)
    {
        Drop();
        _closed = true;
        Flush(scope);
        TellUncrowded();
    }

    private void Cut()
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
        using var scope = EnterScope();
        EndFlush(scope, isGone);
    }

    private void EndFlush(Scope scope, bool isGone)
    {
        _flushing = false;
        if (isGone)
            Break();
        TellDrained(scope);
        // What was appended while the last flush was under way goes out as one.
        Flush(scope);
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

    private void TellDrained(Scope scope)
    {
        if (!_closed && !_broken)
            _watcher?.OnDrained(scope);
    }

    private static void Return(byte[]? buffer)
    {
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>
    /// The lock, held until the end of the scope. It also guards what must change in step with what is written (see
    /// Session.Scope and RoomMember).
    /// </summary>
    public readonly ref struct Scope
    {
        private readonly Outbox _outbox;

        public Scope(Outbox outbox)
        {
            Monitor.Enter(outbox);
            _outbox = outbox;
        }

        /// <summary>Whether pushes may still be added. Replies are always added: their reader is made to wait instead.</summary>
        public bool HasRoom(int bytes) => _outbox.HasRoom(bytes);

        /// <summary>Nothing waits, and no flush is under way.</summary>
        public bool IsIdle => _outbox is { _flushing: false, _waiting: 0 };

        /// <summary>Sends finished bytes behind what waits; copies only what the socket does not take.</summary>
        public void Send(ReadOnlySpan<byte> bytes) => _outbox.Send(this, bytes);

        /// <summary>Adds bytes, to be flushed.</summary>
        public void Append(ReadOnlySpan<byte> bytes) => _outbox.Append(bytes);

        /// <summary>Adds one message for one receiver, to be flushed.</summary>
        public void Append(EncodedMessage message, Dialect dialect, long receiver) => _outbox.Append(message, dialect, receiver);

        /// <summary>Messages were sent, and may be acked.</summary>
        public void GrantAcks(int count) => _outbox.GrantAcks(count);

        /// <summary>From now on what is added waits, until it is released or dropped.</summary>
        public void Hold() => _outbox.Hold();

        /// <summary>Sends finished bytes, and behind them what waited; just them when nothing was held, or was dropped.</summary>
        public void Release(ReadOnlySpan<byte> first) => _outbox.Release(this, first);

        /// <summary>What waits to be released is not sent.</summary>
        public void Drop() => _outbox.Drop();

        /// <summary>Begins a flush when none is under way.</summary>
        public void Flush() => _outbox.Flush(this);

        /// <summary>Marks it as part of a set to be flushed together; null when it is in one.</summary>
        public Outbox? TryEnterFlushSet()
        {
            if (_outbox._isInFlushSet)
                return null;
            _outbox._isInFlushSet = true;
            return _outbox;
        }

        public void LeaveFlushSet() => _outbox._isInFlushSet = false;

        /// <summary>From now on <paramref name="watcher"/> is told; there is one.</summary>
        public void Watch(IOutboxWatcher watcher) => _outbox._watcher = watcher;

        /// <summary>Takes no more; what was added before still goes out.</summary>
        public void Close() => _outbox.Close(this);

        /// <summary>Bytes are missing, so nothing may follow them.</summary>
        public void Cut() => _outbox.Cut();

        public void Dispose() => Monitor.Exit(_outbox);
    }
}

/// <summary>Whoever wants to know when the socket takes bytes again.</summary>
internal interface IOutboxWatcher
{
    /// <summary>What is appended goes out behind what waited.</summary>
    void OnDrained(Outbox.Scope outbox);
}
