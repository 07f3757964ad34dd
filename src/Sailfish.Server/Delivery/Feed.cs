using System.Collections.Concurrent;
using System.Threading.Channels;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>
/// What is delivered on a node that is not alone: messages of its own log, and those of other nodes, which wait here for the
/// dispatcher's loop. The sequencer makes one order of them all.
/// </summary>
internal sealed class Feed(Sequencer sequencer, DeliveryMetrics metrics, ILogger<Feed> logger)
{
    /// <summary>Frames of other nodes that wait at most. Nobody can make those nodes wait: what comes beyond it is left to the log.</summary>
    public const int MaxFrames = 1024;

    private readonly Channel<CommittedMessage[]> _frames = Channel.CreateBounded<CommittedMessage[]>(new BoundedChannelOptions(MaxFrames) { SingleReader = true });
    private readonly ConcurrentQueue<Action<FlushSet>> _steps = new();

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => _steps.IsEmpty && !_frames.Reader.TryPeek(out _);

    /// <summary>Something waits of which it is not known how long it takes.</summary>
    public bool HasSteps => !_steps.IsEmpty;

    /// <summary>Adds messages of another node; false when too many wait.</summary>
    public bool TryAdd(CommittedMessage[] frame)
    {
        if (_frames.Writer.TryWrite(frame))
            return true;
        metrics.FrameLost();
        return false;
    }

    /// <summary>Adds what is to be done with the sequencer.</summary>
    public void Add(Action<FlushSet> step) => _steps.Enqueue(step);

    /// <summary>A message of this node's log; returns how many of its receivers are online here. The dispatcher's loop's.</summary>
    public int Deliver(in CommittedMessage committed, FlushSet flushes) => sequencer.Take(committed, flushes);

    /// <summary>Delivers what waits here, as far as one flush should carry it. The dispatcher's loop's.</summary>
    public void DeliverSome(FlushSet flushes, int maxCount)
    {
        while (_steps.TryDequeue(out var step))
            TryDo(step, flushes);
        for (var count = 0; count < maxCount && _frames.Reader.TryRead(out var frame); count += frame.Length)
        {
            foreach (var committed in frame)
                TryDeliver(committed, flushes);
        }
    }

    private void TryDeliver(in CommittedMessage committed, FlushSet flushes)
    {
        try
        {
            sequencer.Take(committed, flushes);
        }
#pragma warning disable CA1031 // the loop must live; the message is in the log, and SYNC brings it
        catch (Exception fault)
#pragma warning restore CA1031
        {
            DeliveryLog.DeliveryFailed(logger, fault, committed.Message.Conversation.Name);
        }
    }

    private void TryDo(Action<FlushSet> step, FlushSet flushes)
    {
        try
        {
            step(flushes);
        }
#pragma warning disable CA1031 // the loop must live; what was not done is looked for again
        catch (Exception fault)
#pragma warning restore CA1031
        {
            DeliveryLog.BatchFailed(logger, fault);
        }
    }
}
