using Sailfish.Protocol;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Rooms;

/// <summary>A room's members on this node.</summary>
internal sealed class Room(RoomKey key, int maxInFlight)
{
    private readonly Dictionary<long, int> _connectionsOfUser = [];

    /// <summary>The same users but for guests, in the order of their ids, so that a page of them costs what it holds.</summary>
    private readonly SortedSet<long> _users = [];
    private volatile RoomSegment[] _segments = [];
    private volatile StoredMessage? _end;
    private long _pumpedSeq;
    private int _isPumping;

    public RoomKey Key { get; } = key;

    public ConversationKey Conversation { get; } = key.Conversation;

    /// <summary>Places for messages on their way to this room; senders wait while there is none: back-pressure.</summary>
    public SemaphoreSlim InFlight { get; } = new(maxInFlight);

    /// <summary>Distinct users.</summary>
    public int Viewers { get; private set; }

    /// <summary>Distinct users who are guests.</summary>
    public int Guests { get; private set; }

    /// <summary>Members, of whom several may be one user's.</summary>
    public int Connections { get; private set; }

    /// <summary>Members that are told the room's state.</summary>
    public int StateConnections { get; private set; }

    /// <summary>The most viewers since the room was first joined, on all nodes together as far as they have told.</summary>
    public int Peak { get; private set; }

    /// <summary>Nobody is left and the table has let go of it.</summary>
    public bool IsGone { get; set; }

    /// <summary>
    /// The seq that the feed of several nodes brings next; 0 while it is not known where the feed begins, less than 0 when it was
    /// forgotten. The dispatcher's loop's; one node alone needs none.
    /// </summary>
    public long NextSeq { get; set; }

    /// <summary>Done when messages come to the room (<see cref="IRoomFeed"/>); null where nobody asked. Under the room's lock.</summary>
    public Task? Begun { get; set; }

    /// <summary>Done when it is known what other nodes had decided of the room by then (<see cref="IRoomNews"/>); null where nobody asked. Under the room's lock.</summary>
    public Task? Heard { get; set; }

    /// <summary>The newest seq that the pump has begun to push, or that came before its first. Set before members are visited.</summary>
    public long PumpedSeq
    {
        get => Volatile.Read(ref _pumpedSeq);
        set => Interlocked.Exchange(ref _pumpedSeq, value);
    }

    /// <summary>The last message of the room's log, which closes it; null while it is open.</summary>
    public StoredMessage? End
    {
        get => _end;
        set => _end = value;
    }

    /// <summary>The end has come to the members: who joins, and was passed by, ends by itself.</summary>
    public bool IsEnding => End is { } end && PumpedSeq >= end.Seq;

    public RoomSegment[] Segments => _segments;

    /// <summary>What the pump has not taken yet.</summary>
    public RoomQueue Queue { get; } = new();

    /// <summary>Claims the pump for the caller; false when it is running.</summary>
    public bool TryStartPump() => Interlocked.Exchange(ref _isPumping, 1) == 0;

    /// <summary>To be followed by a look at what waits, which must not come before it: hence the full fence.</summary>
    public void EndPump() => Interlocked.Exchange(ref _isPumping, 0);

    /// <summary>Users in ascending order after <paramref name="cursor"/>, for paging. Guests are counted alone.</summary>
    public IReadOnlyList<long> Users(long cursor, int limit)
    {
        List<long> page = [];
        lock (this)
        {
            // Read one by one: to count what is behind the cursor would be a walk through all of it.
            foreach (var user in _users.GetViewBetween(Math.Min(cursor, long.MaxValue - 1) + 1, long.MaxValue))
            {
                if (page.Count >= limit)
                    break;
                page.Add(user);
            }
        }

        return page;
    }

    public bool HasUser(long userId)
    {
        lock (this)
            return _connectionsOfUser.ContainsKey(userId);
    }

    public IReadOnlyList<RoomMember> MembersOf(long userId)
    {
        lock (this)
        {
            return [.. _segments.SelectMany(s => s.Members.ToArray()).OfType<RoomMember>().Where(m => m.Session.UserId == userId).Distinct()];
        }
    }

    public IReadOnlyList<RoomMember> Members()
    {
        lock (this)
            return [.. _segments.SelectMany(s => s.Members.ToArray()).OfType<RoomMember>().Distinct()];
    }

    /// <summary>Tells all members something that stands outside the room's seqs.</summary>
    public void Tell(Announcement announcement)
    {
        foreach (var member in Members())
            member.Announce(announcement.Encode(member.Session));
    }

    /// <summary>Tells what has changed of the room's state to the members that asked for it.</summary>
    public void TellState(Announcement change)
    {
        if (StateConnections == 0)
            return;
        foreach (var member in Members().Where(m => m.Session.HasState))
            member.AnnounceState(change.Encode(member.Session));
    }

    /// <summary>So many were in the room at once, those on other nodes among them.</summary>
    public void NotePeak(int viewers)
    {
        lock (this)
            Peak = Math.Max(Peak, viewers);
    }

    /// <summary>True when the user was not here before. The caller holds this object's lock.</summary>
    public bool Add(RoomMember member)
    {
        var segment = Array.Find(_segments, s => !s.IsFull);
        if (segment is null)
        {
            segment = new RoomSegment();
            _segments = [.. _segments, segment];
        }

        segment.Add(member);
        Connections++;
        StateConnections += member.Session.HasState ? 1 : 0;
        var count = _connectionsOfUser.GetValueOrDefault(member.Session.UserId) + 1;
        _connectionsOfUser[member.Session.UserId] = count;
        if (count == 1)
            Come(member.Session.UserId);
        Viewers = _connectionsOfUser.Count;
        Peak = Math.Max(Peak, Viewers);
        return count == 1;
    }

    /// <summary>True when the user is here no more. The caller holds this object's lock.</summary>
    public bool Remove(RoomMember member)
    {
        if (member.Segment is not { } segment)
            return false;
        segment.Remove(member);
        Connections--;
        StateConnections -= member.Session.HasState ? 1 : 0;
        if (segment.Count == 0)
            _segments = [.. _segments.Where(s => s != segment)];
        var count = _connectionsOfUser[member.Session.UserId] - 1;
        if (count > 0)
            _connectionsOfUser[member.Session.UserId] = count;
        else
            Go(member.Session.UserId);
        Viewers = _connectionsOfUser.Count;
        return count == 0;
    }

    private void Come(long userId)
    {
        if (Ids.IsGuest(userId))
            Guests++;
        else
            _users.Add(userId);
    }

    private void Go(long userId)
    {
        _connectionsOfUser.Remove(userId);
        if (Ids.IsGuest(userId))
            Guests--;
        else
            _users.Remove(userId);
    }
}
