using Sailfish.Server.Rooms;

namespace Sailfish.Server.Delivery;

/// <summary>What a room waits for, and what waits in it for that.</summary>
internal sealed class RoomGap(Room room)
{
    private long _expectedAt = long.MaxValue;

    public Room Room => room;

    public HeldMessages Held { get; } = new();

    /// <summary>The newest seq that the log is known to have, of those that are not held; 0 when there is none.</summary>
    public long UpTo { get; private set; }

    /// <summary>The log has messages up to a seq.</summary>
    public void Expect(long seq, long at)
    {
        if (UpTo == 0)
            _expectedAt = at;
        UpTo = Math.Max(UpTo, seq);
    }

    /// <summary>Whether it has waited as long as it may.</summary>
    public bool IsDue(TimeProvider time) => time.GetElapsedTime(Math.Min(_expectedAt, Held.OldestAt)) >= Sequencer.Patience;

    /// <summary>The room has come to a next seq; false when something is missing behind it.</summary>
    public bool TryEnd(long nextSeq)
    {
        if (UpTo >= nextSeq)
            return false;
        (UpTo, _expectedAt) = (0, long.MaxValue);
        return Held.Count == 0;
    }
}
