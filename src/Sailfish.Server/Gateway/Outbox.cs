using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Sailfish.Protocol.Dialects;

namespace Sailfish.Server.Gateway;

/// <summary>
/// What a connection still has to be sent. Finished bytes are copied into the connection's pipe; a flush is begun when
/// none is under way, so that whatever arrives meanwhile goes out together. Everything happens under the outbox's own
/// lock, which also guards what must change in step with what is written (see RoomMember).
/// </summary>
/// <param name="output">The connection's pipe.</param>
/// <param name="maxBytes">Bytes that may wait behind a flush before <see cref="HasRoom"/> says no.</param>
/// <param name="isSerial">
/// Nothing may be written to the pipe while it is flushed: so it is with the stream that TLS puts before the socket.
/// </param>
/// <param name="time">Tells since when a flush is stuck.</param>
internal sealed class Outbox(PipeWriter output, int maxBytes, bool isSerial, TimeProvider time)
{
    /// <summary>A flush is under way: the socket does not take as fast as we write.</summary>
    private bool _flushing;
    private bool _closed;
    private bool _broken;

    /// <summary>Bytes appended since the last flush began.</summary>
    private int _waiting;
    private long _flushStarted;
    private TaskCompletionSource? _drained;

    /// <summary>What came during a flush that nothing may be written beside.</summary>
    private ArrayBufferWriter<byte>? _held;

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

    /// <summary>When the flush under way began, as a timestamp of the time provider; 0 when there is none.</summary>
    public long StalledSince => Volatile.Read(ref _flushing) ? Volatile.Read(ref _flushStarted) : 0;

    private IBufferWriter<byte> Target => isSerial && _flushing ? _held ??= new ArrayBufferWriter<byte>() : output;

    /// <summary>Adds finished bytes and begins a flush.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        lock (this)
        {
            Append(bytes);
            Flush();
        }
    }

    /// <summary>Adds bytes without flushing. The caller holds the lock and flushes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_closed || _broken)
            return;
        Target.Write(bytes);
        _waiting += bytes.Length;
    }

    /// <summary>
    /// Adds encoded messages, each slot overwritten with the receiver. The caller holds the lock and flushes.
    /// </summary>
    public void Append(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> slots, ReadOnlySpan<byte> receiver)
    {
        if (_closed || _broken)
            return;
        var target = Target;
        var copied = 0;
        foreach (var slot in slots)
        {
            target.Write(bytes[copied..slot]);
            target.Write(receiver);
            copied = slot + receiver.Length;
        }

        target.Write(bytes[copied..]);
        _waiting += bytes.Length;
    }

    /// <summary>Adds one message for one receiver. The caller holds the lock and flushes.</summary>
    public void Append(in EncodedMessage message, Dialect dialect, long receiver)
    {
        Span<byte> slot = stackalloc byte[ReceiverSlot.LegacyWidth];
        slot = slot[..ReceiverSlot.WidthIn(dialect)];
        ReceiverSlot.Write(slot, dialect, receiver);
        Append(message.Bytes, [message.SlotOffset], slot);
    }

    /// <summary>Begins a flush when none is under way. The caller holds the lock.</summary>
    public void Flush()
    {
        while (!_flushing && !_broken && _waiting > 0)
        {
            BeginFlush();
            // Taken at once: a push may have been skipped all the same, when one batch held more than may wait.
            if (!_flushing)
                TellDrained();
        }
    }

    private void BeginFlush()
    {
        _waiting = 0;
        if (TryFlush() is not { } awaiter)
            return;
        if (awaiter.IsCompleted)
        {
            Observe(awaiter);
            return;
        }

        _flushing = true;
        _flushStarted = time.GetTimestamp();
        awaiter.UnsafeOnCompleted(() => ContinueFlush(awaiter));
    }

    /// <summary>Completes when no flush is under way, or the connection is gone.</summary>
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

    /// <summary>Takes no more; what was added before still goes out.</summary>
    public void Close()
    {
        lock (this)
        {
            _closed = true;
            Flush();
        }
    }

    private void ContinueFlush(ValueTaskAwaiter<FlushResult> awaiter)
    {
        lock (this)
        {
            _flushing = false;
            Observe(awaiter);
            TakeHeld();
            TellDrained();
            // What was appended while the last flush was under way goes out as one.
            Flush();
            if (_flushing)
                return;
            _drained?.TrySetResult();
            _drained = null;
        }
    }

    private ValueTaskAwaiter<FlushResult>? TryFlush()
    {
        try
        {
#pragma warning disable CA2012 // the awaiter is asked for its result once: by the caller, or by its continuation
            return output.FlushAsync().GetAwaiter();
#pragma warning restore CA2012
        }
        catch (InvalidOperationException)
        {
            // The transport ended the pipe: there is nobody to flush to.
            _broken = true;
            return null;
        }
    }

    private void TellDrained()
    {
        if (!_closed && !_broken)
            Drained?.Invoke();
    }

    private void TakeHeld()
    {
        if (_held is { } held && !_broken)
            output.Write(held.WrittenSpan);
        _held = null;
    }

    private void Observe(ValueTaskAwaiter<FlushResult> awaiter)
    {
        try
        {
            _broken |= awaiter.GetResult().IsCompleted;
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The peer reset the connection; the receive loop sees the same and ends it.
            _broken = true;
        }

        // Nothing waits for a socket that is gone: nobody must wait for it to drain.
        if (_broken)
            _waiting = 0;
    }
}
