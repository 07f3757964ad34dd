using System.Collections.Concurrent;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>
/// What waits for a room's pump: messages in the order of their seqs, and up to which seq the pump is to come. Those that hold
/// a place are as many as there are places. Of the others, for which no sender can be made to wait, a few are kept, and the pump
/// reads the rest from the log. Filled by the dispatcher alone, emptied by the pump alone.
/// </summary>
internal sealed class RoomQueue
{
    /// <summary>Characters of messages without a place that are kept at most, about.</summary>
    private const long MaxKept = 1024 * 1024;

    private readonly ConcurrentQueue<RoomEntry> _entries = new();
    private long _newest = -1;
    private long _kept;

    /// <summary>Taken out, but what comes before it is missing; the pump's.</summary>
    private RoomEntry? _ahead;

    /// <summary>The newest seq that the pump is to come to; less than 0 while it is not known where it begins.</summary>
    public long NewestSeq => Volatile.Read(ref _newest);

    /// <summary>Adds a message, or only its seq when too many wait.</summary>
    public void Add(RoomEntry entry)
    {
        if (entry.Place != default || TryKeep(entry))
            _entries.Enqueue(entry);
        // Behind it: a seq that is seen without its message is of one that was not kept.
        Expect(entry.Message.Seq);
    }

    /// <summary>The log has messages up to a seq, and the pump is to bring them.</summary>
    public void Expect(long seq)
    {
        if (seq > _newest)
            Volatile.Write(ref _newest, seq);
    }

    /// <summary>Takes out the message that follows a seq; false when there is none, or something before it is missing.</summary>
    public bool TryTake(long after, out RoomEntry entry)
    {
        while (TryTakeNext(out entry))
        {
            if (entry.Message.Seq > after + 1)
            {
                _ahead = entry;
                return false;
            }

            if (entry.Place == default)
                Interlocked.Add(ref _kept, -Weight(entry));
            if (entry.Message.Seq > after)
                return true;
            // It was read from the log meanwhile.
            entry.Place.GiveBack();
        }

        return false;
    }

    /// <summary>
    /// Up to which seq the log is to be read after <see cref="TryTake"/> said no, given the newest seq from before it; not beyond
    /// where the pump is when nothing is missing.
    /// </summary>
    public long MissingUpTo(long newest) => _ahead is { } ahead ? ahead.Message.Seq - 1 : newest;

    /// <summary>Whether nothing is left for a pump that has come to a seq.</summary>
    public bool IsEmptyAfter(long seq) => _entries.IsEmpty && NewestSeq <= seq;

    private bool TryTakeNext(out RoomEntry entry)
    {
        if (_ahead is not { } ahead)
            return _entries.TryDequeue(out entry);
        (entry, _ahead) = (ahead, null);
        return true;
    }

    private bool TryKeep(RoomEntry entry)
    {
        var weight = Weight(entry);
        if (Interlocked.Read(ref _kept) + weight > MaxKept)
            return false;
        Interlocked.Add(ref _kept, weight);
        return true;
    }

    private static long Weight(RoomEntry entry) => StoredMessage.Envelope + entry.Message.Data.Length;
}
