using Sailfish.Protocol;
using Sailfish.Server.Identity;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A user is suspended until the end that was saved last, which may be earlier than the one before, or none.</summary>
public abstract class SuspensionConformance : StoreConformance
{
    [Fact]
    public async Task A_suspension_holds_until_the_end_that_was_saved_last()
    {
        Assert.Empty(Stores.Suspensions.LoadActive(0));
        foreach (var until in new[] { Time, Time + 4, Time + 2 })
            await SaveAsync(App, Ann, until);
        AssertActive(Time + 1, new Suspension(App, Ann, Time + 2));
        await ReopenAsync();
        AssertActive(Time + 1, new Suspension(App, Ann, Time + 2));
        AssertActive(Time + 2);
    }

    [Fact]
    public async Task With_an_end_of_0_there_is_none()
    {
        await SaveAsync(App, Ann, Time);
        await SaveAsync(App, Ann, 0);
        await SaveAsync(App, Bob, 0);
        AssertActive(0);
        await ReopenAsync();
        AssertActive(0);
        await SaveAsync(App, Ann, Time);
        AssertActive(0, new Suspension(App, Ann, Time));
    }

    [Fact]
    public async Task A_suspension_is_a_users_in_an_app()
    {
        await SaveAsync(App, Ann, Time);
        await SaveAsync(OtherApp, Ann, Time + 1);
        await SaveAsync(App, Bob, Time + 2);
        await SaveAsync(Ids.Max, Ids.Max, long.MaxValue);
        await SaveAsync(App, Carol, Time - 1);
        await ReopenAsync();
        AssertActive(Time - 1, new(App, Ann, Time), new(OtherApp, Ann, Time + 1), new(App, Bob, Time + 2), new(Ids.Max, Ids.Max, long.MaxValue));
        AssertActive(long.MaxValue - 1, new Suspension(Ids.Max, Ids.Max, long.MaxValue));
    }

    [Fact]
    public async Task A_revocation_is_no_suspension_and_changes_none()
    {
        await Stores.Revocations.SaveAsync(new Revocation(App, Ann, Time), CancellationToken.None);
        AssertActive(0);
        await SaveAsync(App, Ann, Time);
        await Stores.Revocations.SaveAsync(new Revocation(App, Ann, Time + 9), CancellationToken.None);
        AssertActive(0, new Suspension(App, Ann, Time));
    }

    [Fact]
    public async Task Of_many_at_once_each_user_has_its_own()
    {
        await AtOnceAsync(async caller =>
        {
            await SaveAsync(App, Ann + caller, Time + 1000);
            await Stores.Revocations.SaveAsync(new Revocation(App, Ann + caller, Time), CancellationToken.None);
            await SaveAsync(App, Ann + caller, Time + caller);
        });
        AssertActive(0, [.. Enumerable.Range(0, Callers).Select(i => new Suspension(App, Ann + i, Time + i))]);
    }

    [Fact]
    public async Task One_users_is_found_until_there_is_none()
    {
        await SaveAsync(App, Ann, Time);
        await Stores.Revocations.SaveAsync(new Revocation(App, Bob, Time), CancellationToken.None);
        await ReopenAsync();
        Assert.Equal(new Suspension(App, Ann, Time), await FindAsync(App, Ann));
        Assert.Null(await FindAsync(OtherApp, Ann));
        Assert.Null(await FindAsync(App, Bob));
        await SaveAsync(App, Ann, 0);
        Assert.Null(await FindAsync(App, Ann));

        ValueTask<Suspension?> FindAsync(long app, long user) => Stores.Suspensions.FindAsync(app, user, CancellationToken.None);
    }

    private Task SaveAsync(long app, long user, long until) => Stores.Suspensions.SaveAsync(new Suspension(app, user, until), CancellationToken.None);

    /// <summary>Those and no others, in whatever order.</summary>
    private void AssertActive(long now, params Suspension[] expected) => AssertSame(expected, Stores.Suspensions.LoadActive(now));
}
