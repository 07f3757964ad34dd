using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// What is known of rooms on the other nodes, and of which rooms somebody wants to know: those that were asked for within the
/// last seconds.
/// </summary>
internal sealed class RoomCountMemory(TimeProvider time)
{
    /// <summary>Rooms beside those that somebody here is in; of more, each is read when it is asked for.</summary>
    public const int MaxWanted = 10_000;

    /// <summary>A room that nobody asked for so long is counted no more.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<RoomKey, Entry> _entries = new();
    private int _own;

    /// <summary>Null where it is not known; then it is wanted from now on.</summary>
    public RoomElsewhere? Find(RoomKey room)
    {
        if (!_entries.TryGetValue(room, out var entry))
        {
            Want(room);
            return null;
        }

        entry.AskedAt = time.GetTimestamp();
        return entry.Elsewhere;
    }

    public void Keep(RoomKey room, RoomElsewhere elsewhere)
    {
        if ((_entries.GetValueOrDefault(room) ?? Want(room)) is { } entry)
            entry.Elsewhere = elsewhere;
    }

    /// <summary>The rooms to be counted, when <paramref name="own"/> are those that somebody here is in.</summary>
    public IReadOnlyCollection<RoomKey> Wanted(IEnumerable<RoomKey> own)
    {
        HashSet<RoomKey> wanted = [.. own];
        Volatile.Write(ref _own, wanted.Count);
        foreach (var room in wanted)
            _entries.GetOrAdd(room, static (_, now) => new Entry(now), time.GetTimestamp());
        foreach (var (room, entry) in _entries)
        {
            if (time.GetElapsedTime(entry.AskedAt) < Lasting)
                wanted.Add(room);
            else if (!wanted.Contains(room))
                _entries.TryRemove(room, out _);
        }

        return wanted;
    }

    private Entry? Want(RoomKey room) =>
        _entries.Count - Volatile.Read(ref _own) < MaxWanted ? _entries.GetOrAdd(room, static (_, now) => new Entry(now), time.GetTimestamp()) : null;

    private sealed class Entry(long askedAt)
    {
        private volatile RoomElsewhere? _elsewhere;
        private long _askedAt = askedAt;

        /// <summary>Null until it was read.</summary>
        public RoomElsewhere? Elsewhere
        {
            get => _elsewhere;
            set => _elsewhere = value;
        }

        public long AskedAt
        {
            get => Volatile.Read(ref _askedAt);
            set => Volatile.Write(ref _askedAt, value);
        }
    }
}
