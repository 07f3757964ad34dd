using System.Threading.Channels;

namespace Sailfish.Server.Cluster;

/// <summary>
/// The frames between those who send and the one task that speaks to the server. Where a frame finds it full, the oldest one
/// goes: what is newest is what receivers miss most, and the log has the rest.
/// </summary>
internal sealed class SendQueue(ClusterMetrics metrics)
{
    public const int Capacity = 1024;

    private readonly Channel<OutgoingFrame> _frames = Channel.CreateBounded<OutgoingFrame>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest },
        frame => metrics.Dropped(DropReason.QueueFull, frame.IsPing ? 0 : 1));

    /// <summary>The one who sends, while he waits.</summary>
    private TaskCompletionSource? _waiting;

    /// <param name="frame">The newest one.</param>
    /// <param name="isMore">More comes at once, and then a <see cref="Flush"/>; else it is sent in a thread of the pool.</param>
    public void Add(OutgoingFrame frame, bool isMore = false)
    {
        _frames.Writer.TryWrite(frame);
        if (!isMore && TakeWaiting() is { } waiting)
            ThreadPool.UnsafeQueueUserWorkItem(static waiting => waiting.TrySetResult(), waiting, preferLocal: false);
    }

    /// <summary>What was added is handed to the server in this thread, which does not wait for an answer: to wake another one costs more.</summary>
    public void Flush() => TakeWaiting()?.TrySetResult();

    /// <summary>The bus is away: nothing of it is sent later, when it would be old.</summary>
    public void Drop()
    {
        while (_frames.Reader.TryRead(out var frame))
            metrics.Dropped(DropReason.Away, frame.IsPing ? 0 : 1);
    }

    public bool TryTake(out OutgoingFrame frame) => _frames.Reader.TryRead(out frame);

    /// <summary>Waits until there is one.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (!_frames.Reader.TryPeek(out _))
        {
            // What is added before this is seen by the look behind it, and what is added after it wakes.
            var waiting = new TaskCompletionSource();
            Interlocked.Exchange(ref _waiting, waiting);
            if (_frames.Reader.TryPeek(out _))
                return;
            using var stopped = cancellationToken.UnsafeRegister(static (waiting, token) => ((TaskCompletionSource)waiting!).TrySetCanceled(token), waiting);
            await waiting.Task;
        }
    }

    private TaskCompletionSource? TakeWaiting() => Interlocked.Exchange(ref _waiting, null);
}
