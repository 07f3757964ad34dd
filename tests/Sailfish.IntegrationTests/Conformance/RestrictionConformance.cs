using Sailfish.Protocol;
using Sailfish.Server.Rooms;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// A mute or a ban holds until its end, the last that was saved, or until it is removed; it is one user's in one room. What
/// has ended is deleted where that is asked for, and where those that hold are loaded.
/// </summary>
public abstract class RestrictionConformance : StoreConformance
{
    [Fact]
    public async Task A_restriction_holds_until_the_end_that_was_saved_last()
    {
        var (mute, ban) = (Key(), Key(kind: RestrictionKind.Banned));
        await SaveAsync(mute, Time);
        await SaveAsync(ban, Time + 5);
        await NowAndAfterReopeningAsync(() => AssertActive(Time - 1, (mute, Time), (ban, Time + 5)));
        await SaveAsync(mute, Time + 9);
        await SaveAsync(ban, Time + 3);
        AssertActive(Time, (mute, Time + 9), (ban, Time + 3));
    }

    [Fact]
    public async Task What_has_ended_is_not_loaded_and_is_deleted()
    {
        var (one, other) = (Key(), Key(user: Bob));
        await SaveAsync(one, Time);
        await SaveAsync(other, Time + 1);
        AssertActive(Time, (other, Time + 1));
        AssertActive(0, (other, Time + 1));
        AssertActive(Time + 1);
        await ReopenAsync();
        AssertActive(0);
    }

    [Fact]
    public async Task What_is_removed_is_gone_and_nothing_else()
    {
        RestrictionKey[] keys = [Key(), Key(kind: RestrictionKind.Banned), Key(user: Bob), Key(room: 8), Key(app: OtherApp)];
        foreach (var key in keys)
            await SaveAsync(key, Time);
        await RemoveAsync(keys[0]);
        await RemoveAsync(keys[0]);
        await RemoveAsync(Key(room: 9));
        await NowAndAfterReopeningAsync(() => AssertActive(0, [.. keys[1..].Select(key => (key, Time))]));
        await SaveAsync(keys[0], Time + 1);
        AssertActive(0, [(keys[0], Time + 1), .. keys[1..].Select(key => (key, Time))]);
    }

    [Fact]
    public async Task Those_that_have_ended_are_deleted_also_when_there_are_many_and_the_others_stay()
    {
        await InTurnsAsync(1200, i => SaveAsync(Key(user: 10_000 + i, kind: (RestrictionKind)(i % 2)), i % 12 == 0 ? Time + 1 : Time - (i % 2)));
        await Stores.Restrictions.RemoveEndedAsync(Time, CancellationToken.None);
        var left = Enumerable.Range(0, 100).Select(i => (Key(user: 10_000 + (12 * i)), Time + 1)).ToArray();
        await NowAndAfterReopeningAsync(() => AssertActive(0, left));
        await Stores.Restrictions.RemoveEndedAsync(Time, CancellationToken.None);
        AssertActive(0, left);
    }

    [Fact]
    public async Task Ids_and_times_may_be_the_largest()
    {
        var key = new RestrictionKey(Ids.Max, Ids.Max, Ids.Max, RestrictionKind.Banned);
        await SaveAsync(key, long.MaxValue);
        await ReopenAsync();
        AssertActive(long.MaxValue - 1, (key, long.MaxValue));
    }

    [Fact]
    public async Task Of_many_who_save_and_remove_at_once_each_has_what_it_did_last()
    {
        await AtOnceAsync(async caller =>
        {
            for (var i = 0; i <= 5; i++)
            {
                await SaveAsync(Key(user: Ann + caller), Time + i);
                if (caller % 2 == 0)
                    await RemoveAsync(Key(user: Ann + caller));
                await SaveAsync(Key(kind: RestrictionKind.Banned), Time);
            }
        });
        AssertActive(0, [(Key(kind: RestrictionKind.Banned), Time), .. Enumerable.Range(0, Callers / 2).Select(i => (Key(user: Ann + 1 + (2 * i)), Time + 5))]);
    }

    [Fact]
    public async Task One_is_found_by_its_key_until_it_is_removed()
    {
        var ban = Key(kind: RestrictionKind.Banned);
        await SaveAsync(Key(), Time);
        await SaveAsync(ban, Time + 1);
        await ReopenAsync();
        Assert.Equal(new RoomRestriction(Key(), Time), await FindAsync(Key()));
        Assert.Equal(new RoomRestriction(ban, Time + 1), await FindAsync(ban));
        foreach (var other in new[] { Key(app: OtherApp), Key(room: 8), Key(user: Bob) })
            Assert.Null(await FindAsync(other));
        await RemoveAsync(Key());
        Assert.Null(await FindAsync(Key()));
        Assert.NotNull(await FindAsync(ban));

        ValueTask<RoomRestriction?> FindAsync(RestrictionKey key) => Stores.Restrictions.FindAsync(key, CancellationToken.None);
    }

    private static RestrictionKey Key(long app = App, long room = 7, long user = Ann, RestrictionKind kind = RestrictionKind.Muted) => new(app, room, user, kind);

    private Task SaveAsync(RestrictionKey key, long until) => Stores.Restrictions.SaveAsync(new RoomRestriction(key, until), CancellationToken.None);

    private Task RemoveAsync(RestrictionKey key) => Stores.Restrictions.RemoveAsync(key, CancellationToken.None);

    /// <summary>Those and no others, in whatever order.</summary>
    private void AssertActive(long now, params (RestrictionKey Key, long Until)[] expected) =>
        AssertSame(expected.Select(e => new RoomRestriction(e.Key, e.Until)), Stores.Restrictions.LoadActive(now));
}
