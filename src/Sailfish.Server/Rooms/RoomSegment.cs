namespace Sailfish.Server.Rooms;

/// <summary>Up to <see cref="Capacity"/> members that one worker pushes to. Changed under the room's lock, read without.</summary>
internal sealed class RoomSegment
{
    /// <summary>Small enough that a room of thousands keeps all cores busy, large enough that a worker has work.</summary>
    public const int Capacity = 1024;

    private RoomMember?[] _members = new RoomMember?[4];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>
    /// The members, holes among them: a member that joins or leaves while the pump reads may be seen or not, and either
    /// is right (see RoomMember.TryGoLive).
    /// </summary>
    public ReadOnlySpan<RoomMember?> Members => Volatile.Read(ref _members);

    public void Add(RoomMember member)
    {
        if (Count == _members.Length)
        {
            var larger = new RoomMember?[Math.Min(Count * 2, Capacity)];
            _members.CopyTo(larger, 0);
            Volatile.Write(ref _members, larger);
        }

        member.Segment = this;
        member.Index = Count;
        Volatile.Write(ref _members[Count], member);
        Count++;
    }

    /// <summary>Moves the last member into the hole.</summary>
    public void Remove(RoomMember member)
    {
        Count--;
        var last = _members[Count]!;
        // A pump that reads along may meet the moved member twice, and the second time finds it has the batch. It must not
        // miss it: the new place is written before the old one is emptied, and the pump reads from the end to the front.
        last.Index = member.Index;
        Volatile.Write(ref _members[member.Index], last);
        Volatile.Write(ref _members[Count], null);
        member.Segment = null;
    }
}
