using Sailfish.Protocol;
using Sailfish.Server.Identity;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A user's tokens are void up to the latest time that was saved, which is never set back.</summary>
public abstract class RevocationConformance : StoreConformance
{
    [Fact]
    public async Task A_revocation_is_never_set_back()
    {
        Assert.Empty(Stores.Revocations.LoadAll());
        foreach (var before in new[] { Time, Time + 4, Time + 2 })
            await SaveAsync(App, Ann, before);
        AssertAll(new Revocation(App, Ann, Time + 4));
        await ReopenAsync();
        AssertAll(new Revocation(App, Ann, Time + 4));
        await SaveAsync(App, Ann, Time + 5);
        AssertAll(new Revocation(App, Ann, Time + 5));
    }

    [Fact]
    public async Task A_revocation_is_a_users_in_an_app()
    {
        await SaveAsync(App, Ann, Time);
        await SaveAsync(OtherApp, Ann, Time + 1);
        await SaveAsync(App, Bob, Time - 1);
        await SaveAsync(Ids.Max, Ids.Max, Ids.Max);
        await ReopenAsync();
        AssertAll(new(App, Ann, Time), new(OtherApp, Ann, Time + 1), new(App, Bob, Time - 1), new(Ids.Max, Ids.Max, Ids.Max));
    }

    [Fact]
    public async Task A_suspension_is_no_revocation_and_changes_none()
    {
        await Stores.Suspensions.SaveAsync(new Suspension(App, Ann, Time), CancellationToken.None);
        Assert.Empty(Stores.Revocations.LoadAll());
        await SaveAsync(App, Ann, Time);
        await Stores.Suspensions.SaveAsync(new Suspension(App, Ann, 0), CancellationToken.None);
        AssertAll(new Revocation(App, Ann, Time));
    }

    [Fact]
    public async Task Of_many_at_once_the_latest_stays()
    {
        await AtOnceAsync(caller => SaveAsync(App, Ann, Time + (caller * 7 % Callers)));
        AssertAll(new Revocation(App, Ann, Time + Callers - 1));
    }

    [Fact]
    public async Task One_users_is_found_and_nobodys_is_not()
    {
        await SaveAsync(App, Ann, Time);
        await Stores.Suspensions.SaveAsync(new Suspension(App, Bob, Time), CancellationToken.None);
        await ReopenAsync();
        Assert.Equal(new Revocation(App, Ann, Time), await FindAsync(App, Ann));
        Assert.Null(await FindAsync(OtherApp, Ann));
        Assert.Null(await FindAsync(App, Bob));

        ValueTask<Revocation?> FindAsync(long app, long user) => Stores.Revocations.FindAsync(app, user, CancellationToken.None);
    }

    private Task SaveAsync(long app, long user, long before) => Stores.Revocations.SaveAsync(new Revocation(app, user, before), CancellationToken.None);

    /// <summary>Those and no others, in whatever order.</summary>
    private void AssertAll(params Revocation[] expected) => AssertSame(expected, Stores.Revocations.LoadAll());
}
