using Sailfish.Server.Conversations;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>The secret is made once, and a user's generation goes up by one with each reset, however many reset at once.</summary>
public abstract class StreamKeyConformance : StoreConformance
{
    private static readonly UserKey Anchor = new(App, Ann);

    [Fact]
    public async Task The_first_secret_stays()
    {
        Assert.Equal("first", await Stores.StreamKeys.LoadSecretAsync("first", CancellationToken.None));
        await NowAndAfterReopeningAsync(async () => Assert.Equal("first", await Stores.StreamKeys.LoadSecretAsync("another", CancellationToken.None)));
    }

    [Fact]
    public async Task Of_many_who_make_one_at_once_all_have_the_same()
    {
        var secrets = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Stores.StreamKeys.LoadSecretAsync($"made by {caller}", CancellationToken.None))).WaitAsync(Wait.Limit);
        Assert.Single(secrets.Distinct());
    }

    [Fact]
    public async Task A_reset_is_the_users_in_an_app_and_lasts()
    {
        Assert.Equal(0, await GenerationAsync(Anchor));
        Assert.Equal(1, await Stores.StreamKeys.ResetAsync(Anchor, CancellationToken.None));
        Assert.Equal(2, await Stores.StreamKeys.ResetAsync(Anchor, CancellationToken.None));
        await NowAndAfterReopeningAsync(async () =>
        {
            Assert.Equal(2, await GenerationAsync(Anchor));
            Assert.Equal(0, await GenerationAsync(new UserKey(OtherApp, Ann)));
            Assert.Equal(0, await GenerationAsync(new UserKey(App, Bob)));
        });
    }

    [Fact]
    public async Task Of_many_resets_at_once_each_has_a_generation_of_its_own()
    {
        var generations = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Stores.StreamKeys.ResetAsync(Anchor, CancellationToken.None))).WaitAsync(Wait.Limit);
        AssertSame(Enumerable.Range(1, Callers).Select(number => (long)number), generations);
        Assert.Equal(Callers, await GenerationAsync(Anchor));
    }

    private async Task<long> GenerationAsync(UserKey user) => await Stores.StreamKeys.GenerationAsync(user, CancellationToken.None);
}
