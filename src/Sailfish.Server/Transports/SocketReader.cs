using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Sailfish.Server.Transports;

/// <summary>
/// A socket as a pipe reader. Memory is rented when bytes have come, and given back when they are consumed: a silent
/// connection holds none. One reader at a time; only <see cref="CancelPendingRead"/> may be called beside it.
/// Reads complete at once, in the thread that takes the sockets' events, while the socket has bytes; after
/// <see cref="TurnBytes"/> in one go they go on from the end of the pool's queue: a peer that sends faster than we read
/// would never give that thread back to the other connections.
/// </summary>
#pragma warning disable CA1001 // a pipe reader ends by Complete
internal sealed class SocketReader : PipeReader
#pragma warning restore CA1001
{
    private const int FirstBlock = 4096;
    private const int TurnBytes = 16 * 1024;

    /// <summary>What a read costs beside its bytes: a turn is also 64 reads at most.</summary>
    private const int ReadCost = 256;
    private readonly Socket _socket;
    private readonly Readiness _readiness;
    private byte[]? _block;
    private int _start;
    private int _end;

    /// <summary>What the turn under way has cost.</summary>
    private int _turn;

    /// <summary>All that is in the block was looked at: only more bytes are news.</summary>
    private bool _isExamined = true;
    private bool _isEnded;

    public SocketReader(Socket socket)
    {
        _socket = socket;
        _readiness = new Readiness(this);
    }

    private ReadOnlySequence<byte> Buffer => _block is null ? default : new ReadOnlySequence<byte>(_block, _start, _end - _start);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryRead(out var result))
            return new ValueTask<ReadResult>(result);
        return cancellationToken.CanBeCanceled ? ReadCancellableAsync(cancellationToken) : _readiness.ReadAsync();
    }

    public override bool TryRead(out ReadResult result)
    {
        var isCanceled = _readiness.TakeCancellation();
        result = new ReadResult(Buffer, isCanceled, _isEnded);
        return isCanceled || _isEnded || !_isExamined;
    }

    /// <summary>True when bytes, or the end, have come; false when the read was cancelled.</summary>
    public ValueTask<bool> WaitForBytesAsync() => _readiness.WaitAsync();

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_block is null)
            return;
        var buffer = Buffer;
        _isExamined = buffer.Slice(examined).IsEmpty;
        _start += (int)buffer.Slice(0, consumed).Length;
        if (_start == _end)
            ReturnBlock();
    }

    public override void CancelPendingRead() => _readiness.Cancel();

    public override void Complete(Exception? exception = null)
    {
        _isEnded = true;
        ReturnBlock();
        _readiness.Dispose();
    }

    private async ValueTask<ReadResult> ReadCancellableAsync(CancellationToken cancellationToken)
    {
        ReadResult result;
        await using (cancellationToken.UnsafeRegister(static reader => ((SocketReader)reader!).CancelPendingRead(), this))
            result = await _readiness.ReadAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>Takes what the socket has. Woken for nothing, the result is what was there before.</summary>
    private ReadResult Receive()
    {
        MakeSpace();
        int count;
        SocketError error;
        try
        {
            count = _socket.Receive(_block.AsSpan(_end), SocketFlags.None, out error);
        }
        catch (ObjectDisposedException)
        {
            (count, error) = (0, SocketError.OperationAborted);
        }

        if (error == SocketError.Success && count > 0)
        {
            _turn += count + ReadCost;
            _end += count;
            _isExamined = false;
        }
        else if (error != SocketError.WouldBlock)
        {
            // The peer has ended, or is gone: for a reader both are the end.
            _isEnded = true;
        }

        if (_start == _end)
            ReturnBlock();
        return new ReadResult(Buffer, isCanceled: false, _isEnded);
    }

    private void MakeSpace()
    {
        if (_block is null)
        {
            _block = ArrayPool<byte>.Shared.Rent(FirstBlock);
        }
        else if (_end == _block.Length)
        {
            // Readers consume, or refuse what is longer than they take: so this does not grow without bounds.
            var length = _end - _start;
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length * 2, FirstBlock));
            _block.AsSpan(_start, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_block);
            (_block, _start, _end) = (larger, 0, length);
        }
    }

    private void ReturnBlock()
    {
        if (_block is not null)
            ArrayPool<byte>.Shared.Return(_block);
        (_block, _start, _end, _isExamined) = (null, 0, 0, true);
    }

    /// <summary>
    /// Waits for the socket with a receive of no bytes, without the caller's execution context. A wait that was cancelled leaves that receive under way; the next
    /// wait takes it over.
    /// </summary>
    private sealed class Readiness(SocketReader reader)
        : SocketAsyncEventArgs(true), IValueTaskSource<ReadResult>, IValueTaskSource<bool>, IThreadPoolWorkItem
    {
        private readonly SocketReader _reader = reader;
        private ManualResetValueTaskSourceCore<bool> _source;
        private bool _isReceiving;
        private bool _isWaiting;
        private bool _isCanceled;

        public ValueTask<ReadResult> ReadAsync() => Begin() switch
        {
            Outcome.Pending => new ValueTask<ReadResult>(this, _source.Version),
            Outcome.Canceled => new ValueTask<ReadResult>(new ReadResult(_reader.Buffer, isCanceled: true, _reader._isEnded)),
            _ => new ValueTask<ReadResult>(_reader.Receive()),
        };

        public ValueTask<bool> WaitAsync() => Begin() switch
        {
            Outcome.Pending => new ValueTask<bool>(this, _source.Version),
            var outcome => new ValueTask<bool>(outcome == Outcome.Ready),
        };

        public bool TakeCancellation()
        {
            lock (this)
            {
                var isCanceled = _isCanceled;
                _isCanceled = false;
                return isCanceled;
            }
        }

        /// <summary>Ends the wait under way, or else the next one.</summary>
        public void Cancel()
        {
            lock (this)
            {
                if (!_isWaiting)
                {
                    _isCanceled = true;
                    return;
                }

                _isWaiting = false;
            }

            _source.SetResult(false);
        }

        bool IValueTaskSource<bool>.GetResult(short token) => _source.GetResult(token);

        ReadResult IValueTaskSource<ReadResult>.GetResult(short token) =>
            _source.GetResult(token) ? _reader.Receive() : new ReadResult(_reader.Buffer, isCanceled: true, _reader._isEnded);

        public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);

        /// <summary>The next turn begins.</summary>
        public void Execute() => Complete();

        protected override void OnCompleted(SocketAsyncEventArgs e) => Complete();

        private void Complete()
        {
            if (!EndReceive())
                return;
            _reader._turn = 0;
            _source.SetResult(true);
        }

        private Outcome Begin()
        {
            lock (this)
            {
                if (_isCanceled)
                {
                    _isCanceled = false;
                    return Outcome.Canceled;
                }

                _source.Reset();
                _isWaiting = true;
                if (_isReceiving)
                    return Outcome.Pending;
                _isReceiving = true;
            }

            var isTurnOver = _reader._turn >= TurnBytes;
            try
            {
                if (_reader._socket.ReceiveAsync(this))
                    return Outcome.Pending;
            }
            catch (ObjectDisposedException)
            {
                // Aborted meanwhile: the receive that follows finds the end.
            }

            if (isTurnOver)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return Outcome.Pending;
            }

            // Else it was cancelled beside us, and the source says so.
            return EndReceive() ? Outcome.Ready : Outcome.Pending;
        }

        /// <summary>True when somebody waits for it.</summary>
        private bool EndReceive()
        {
            lock (this)
            {
                var wasWaiting = _isWaiting;
                (_isReceiving, _isWaiting) = (false, false);
                return wasWaiting;
            }
        }

        private enum Outcome
        {
            Pending,
            Ready,
            Canceled,
        }
    }
}
