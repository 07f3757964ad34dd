using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>What the members of one living room know of its state, by what they were told. One tells at a time.</summary>
/// <param name="room">Which.</param>
/// <param name="first">As it is when nobody was told anything.</param>
internal sealed class ToldState(RoomKey room, RoomState first)
{
    /// <summary>Names that one message has at most.</summary>
    private const int MaxJoined = 3;

    private readonly Lock _names = new();
    private List<string> _joined = [];
    private volatile Told _told = new(first, room);

    /// <summary>What some were shown at their JOIN and others were told otherwise: it is told again, whether it changes or not.</summary>
    private int _uneven;

    /// <summary>Held while the room is told: what is told later is newer.</summary>
    public Lock Telling { get; } = new();

    /// <summary>When something was told last, as a timestamp of the time provider; null before. Under <see cref="Telling"/>.</summary>
    public long? ToldAt { get; set; }

    /// <summary>Likewise, with viewers.</summary>
    public long? ViewersToldAt { get; set; }

    /// <summary>As told last.</summary>
    public RoomState State => _told.State;

    /// <summary>All of it, as a message.</summary>
    public Announcement Whole => _told.Whole;

    /// <summary>There is a place for another name.</summary>
    public bool TakesNames
    {
        get
        {
            lock (_names)
                return _joined.Count < MaxJoined;
        }
    }

    public void AddJoined(string name)
    {
        lock (_names)
        {
            if (_joined.Count < MaxJoined)
                _joined.Add(name);
        }
    }

    public IReadOnlyList<string> TakeJoined()
    {
        lock (_names)
        {
            if (_joined.Count == 0)
                return [];
            (var joined, _joined) = (_joined, []);
            return joined;
        }
    }

    /// <summary>Somebody was shown this.</summary>
    public void NoteShown(RoomState shown)
    {
        if (shown.DifferenceTo(State) is not StateParts.None and var parts)
            Interlocked.Or(ref _uneven, (int)parts);
    }

    /// <summary>What is to be told so that all know the state as it is now. To be followed by <see cref="Set"/>.</summary>
    public StateParts TakeDifference(RoomState now) => (StateParts)Interlocked.Exchange(ref _uneven, 0) | now.DifferenceTo(State);

    /// <summary>These are told another time.</summary>
    public void PutBack(StateParts parts) => Interlocked.Or(ref _uneven, (int)parts);

    /// <summary>Before the members are told: whoever is answered later is shown it.</summary>
    public void Set(RoomState now) => _told = new Told(now, room);

    private sealed class Told(RoomState state, RoomKey room)
    {
        private Announcement? _whole;

        public RoomState State => state;

        /// <summary>Made for the first who needs it; one of two who make it at once has its own.</summary>
        public Announcement Whole => _whole ??= state.ToMessage(room, StateParts.All);
    }
}
