using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>Memory and store say the same of who is muted and banned, and neither keeps what has ended.</summary>
public sealed class RoomRestrictionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store = new();

    [Fact]
    public async Task Set_and_cleared_at_once_memory_and_store_are_the_same_in_any_order()
    {
        var restrictions = new RoomRestrictions(_store, _time);
        for (var round = 0; round < 50; round++)
        {
            // The store takes its time, a different one for each write.
            var key = Key(round % 5);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => i % 2 == 0
                ? restrictions.SetAsync(key, TimeSpan.FromMinutes(1 + i), CancellationToken.None)
                : restrictions.ClearAsync(key, CancellationToken.None))));
            Assert.Equal(_store.Until(key), restrictions.Remaining(key) is { } left ? (_time.GetUtcNow() + left).ToUnixTimeMilliseconds() : null);
        }
    }

    [Fact]
    public async Task What_the_store_refuses_changes_nothing_in_memory()
    {
        var restrictions = new RoomRestrictions(_store, _time);
        await restrictions.SetAsync(Key(1), TimeSpan.FromMinutes(1), CancellationToken.None);
        _store.IsBroken = true;
        await Assert.ThrowsAsync<IOException>(() => restrictions.SetAsync(Key(1), TimeSpan.FromMinutes(9), CancellationToken.None));
        await Assert.ThrowsAsync<IOException>(() => restrictions.SetAsync(Key(2), TimeSpan.FromMinutes(9), CancellationToken.None));
        await Assert.ThrowsAsync<IOException>(() => restrictions.ClearAsync(Key(1), CancellationToken.None));
        Assert.Equal(TimeSpan.FromMinutes(1), restrictions.Remaining(Key(1)));
        Assert.Null(restrictions.Remaining(Key(2)));
        _store.IsBroken = false;
        await restrictions.ClearAsync(Key(1), CancellationToken.None);
        Assert.Null(restrictions.Remaining(Key(1)));
    }

    [Fact]
    public async Task What_has_ended_leaves_memory_and_rows_without_being_asked_for()
    {
        var restrictions = new RoomRestrictions(_store, _time);
        using var sweep = new RestrictionSweep(restrictions, _store, _time, NullLogger<RestrictionSweep>.Instance);
        for (var i = 0; i < 10; i++)
            await restrictions.SetAsync(Key(i), TimeSpan.FromMinutes(1 + (i % 2)), CancellationToken.None);
        await sweep.RunOnceAsync(CancellationToken.None);
        Assert.Equal((10, 10), (restrictions.Count, _store.Count));
        _time.Advance(TimeSpan.FromSeconds(61));
        _store.IsBroken = true;
        await Assert.ThrowsAsync<IOException>(() => sweep.RunOnceAsync(CancellationToken.None));
        _store.IsBroken = false;
        await sweep.RunOnceAsync(CancellationToken.None);
        Assert.Equal((5, 5), (restrictions.Count, _store.Count));
        Assert.Equal(TimeSpan.FromSeconds(59), restrictions.Remaining(Key(1)));
        // Set anew, one that had ended holds.
        await restrictions.SetAsync(Key(0), TimeSpan.FromMinutes(1), CancellationToken.None);
        await sweep.RunOnceAsync(CancellationToken.None);
        Assert.Equal((6, 6), (restrictions.Count, _store.Count));
    }

    [Fact]
    public async Task Those_of_a_room_are_told_by_kind_while_they_hold_the_last_to_end_first()
    {
        var restrictions = new RoomRestrictions(_store, _time);
        var ban = Key(1) with { Kind = RestrictionKind.Banned };
        foreach (var (key, minutes) in new[] { (Key(1), 1), (Key(2), 3), (Key(3), 2), (ban, 9), (Key(4) with { RoomId = 8 }, 9), (Key(5) with { AppId = 2 }, 9) })
            await restrictions.SetAsync(key, TimeSpan.FromMinutes(minutes), CancellationToken.None);
        Assert.Equal([new(Key(2), In(3)), new(Key(3), In(2)), new RoomRestriction(Key(1), In(1))], restrictions.In(new RoomKey(1, 7), RestrictionKind.Muted));
        Assert.Equal([new RoomRestriction(ban, In(9))], restrictions.In(new RoomKey(1, 7), RestrictionKind.Banned));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([Key(2), Key(3)], restrictions.In(new RoomKey(1, 7), RestrictionKind.Muted).Select(r => r.Key));
    }

    [Fact]
    public async Task What_another_node_sets_and_clears_is_followed()
    {
        var changes = new FakeChanges();
        var restrictions = new RoomRestrictions(_store, _time, changes);
        var (mute, ban) = (Key(1), Key(1) with { Kind = RestrictionKind.Banned });
        await _store.SaveAsync(new RoomRestriction(mute, In(1)), CancellationToken.None);
        await _store.SaveAsync(new RoomRestriction(ban, In(2)), CancellationToken.None);
        await changes.TellAsync(new Change(ChangeKind.Restriction, 1, 7, 10_001));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)), (restrictions.Remaining(mute), restrictions.Remaining(ban)));
        await _store.RemoveAsync(mute, CancellationToken.None);
        await changes.TellAsync(new Change(ChangeKind.Restriction, 1, 7, 10_001));
        Assert.Null(restrictions.Remaining(mute));
        Assert.NotNull(restrictions.Remaining(ban));
    }

    [Fact]
    public async Task What_may_have_been_missed_is_read_whole()
    {
        var changes = new FakeChanges();
        var restrictions = new RoomRestrictions(_store, _time, changes);
        await restrictions.SetAsync(Key(1), TimeSpan.FromMinutes(1), CancellationToken.None);
        await _store.RemoveAsync(Key(1), CancellationToken.None);
        await _store.SaveAsync(new RoomRestriction(Key(2), In(1)), CancellationToken.None);
        await changes.MissAsync();
        Assert.Null(restrictions.Remaining(Key(1)));
        Assert.NotNull(restrictions.Remaining(Key(2)));
    }

    private long In(int minutes) => (_time.GetUtcNow() + TimeSpan.FromMinutes(minutes)).ToUnixTimeMilliseconds();

    private static RestrictionKey Key(int user) => new(1, 7, 10_000 + user, RestrictionKind.Muted);

    private sealed class FakeStore : IRestrictionStore
    {
        private readonly Dictionary<RestrictionKey, long> _rows = [];

        public bool IsBroken { get; set; }

        public int Count => _rows.Count;

        public long? Until(RestrictionKey key)
        {
            lock (_rows)
                return _rows.TryGetValue(key, out var until) ? until : null;
        }

        public IReadOnlyList<RoomRestriction> LoadActive(long now) => [.. _rows.Where(row => row.Value > now).Select(row => new RoomRestriction(row.Key, row.Value))];

        public ValueTask<RoomRestriction?> FindAsync(RestrictionKey key, CancellationToken cancellationToken) =>
            new(Until(key) is { } until ? new RoomRestriction(key, until) : null);

        public Task SaveAsync(RoomRestriction restriction, CancellationToken cancellationToken) =>
            WriteAsync(() => _rows[restriction.Key] = restriction.Until);

        public Task RemoveAsync(RestrictionKey key, CancellationToken cancellationToken) => WriteAsync(() => _rows.Remove(key));

        public Task RemoveEndedAsync(long now, CancellationToken cancellationToken) => WriteAsync(() =>
        {
            foreach (var key in _rows.Where(r => r.Value <= now).Select(r => r.Key).ToList())
                _rows.Remove(key);
        });

        private async Task WriteAsync(Action write)
        {
            if (IsBroken)
                throw new IOException("The store is broken.");
            // As long as a store takes, which is never the same.
            await Pause.ForAsync(Random.Shared.Next(3));
            lock (_rows)
                write();
        }
    }
}
