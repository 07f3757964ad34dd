using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Nodes;

/// <summary>
/// The clock that parts are given is the only one that they look at: what two of them share holds for both, however far it is
/// from the system's. Here it is years ahead of it, or behind.
/// </summary>
public sealed class ClockTests : IDisposable
{
    private static readonly AppConfig App = new() { AppId = 1, TokenSecret = new string('s', 32), ApiKey = new string('k', 16) };
    private static readonly UserKey User = new(App.AppId, 10001);
    private readonly Stores _stores = new();
    private readonly List<SuspensionTable> _made = [];

    public static TheoryData<int> Years => [2001, 2099];

    public void Dispose() => _made.ForEach(table => table.Dispose());

    [Theory]
    [MemberData(nameof(Years))]
    public async Task A_token_is_good_from_its_minting_to_its_end(int year)
    {
        var time = In(year);
        var tokens = Tokens(time, out _, out _);
        var (token, expires) = Mint(tokens);
        // To the whole second, as exp says it.
        Assert.Equal((time.GetUtcNow() + TokenService.DefaultLife).ToUnixTimeSeconds(), expires.ToUnixTimeSeconds());
        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds(), (await tokens.ReadAsync(token))!.MintedAt);
        time.Advance(TokenService.DefaultLife);
        Assert.NotNull(await tokens.ReadAsync(token));
        // As much as clocks of different programs may differ by.
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await tokens.ReadAsync(token));
    }

    [Theory]
    [MemberData(nameof(Years))]
    public async Task A_token_of_another_time_is_bad(int year)
    {
        var (token, _) = Mint(Tokens(In(year), out _, out _));
        foreach (var other in new[] { year - 1, year + 1 })
            Assert.Null(await Tokens(In(other), out _, out _).ReadAsync(token));
    }

    [Theory]
    [MemberData(nameof(Years))]
    public async Task A_kick_voids_what_was_minted_until_then_and_nothing_that_is_minted_later(int year)
    {
        var time = In(year);
        var tokens = Tokens(time, out var revocations, out _);
        var (before, _) = Mint(tokens);
        var kicked = revocations.RevokeAsync(User, CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(1));
        var (after, _) = Mint(tokens);
        Assert.Null(await tokens.ReadAsync(before));
        Assert.NotNull(await tokens.ReadAsync(after));
        await kicked;
    }

    [Theory]
    [MemberData(nameof(Years))]
    public async Task Suspensions_mutes_and_bans_last_as_long_as_they_were_given_for(int year)
    {
        var time = In(year);
        _ = Tokens(time, out _, out var suspensions);
        var restrictions = new RoomRestrictions(_stores, time);
        var mute = new RestrictionKey(1, 7, User.UserId, RestrictionKind.Muted);
        await suspensions.SetAsync(User, TimeSpan.FromMinutes(1));
        await restrictions.SetAsync(mute, TimeSpan.FromMinutes(1), CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.True(suspensions.IsSuspended(User));
        Assert.Equal(TimeSpan.FromMilliseconds(1), restrictions.Remaining(mute));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(suspensions.IsSuspended(User));
        Assert.Null(restrictions.Remaining(mute));
    }

    private static FakeTimeProvider In(int year) => new(new DateTimeOffset(year, 7, 1, 12, 0, 0, 345, TimeSpan.Zero));

    private static (string Token, DateTimeOffset Expires) Mint(TokenService tokens) =>
        tokens.Mint(App, new TokenIdentity(User, null, null, null), TokenService.DefaultLife);

    private TokenService Tokens(TimeProvider time, out RevocationTable revocations, out SuspensionTable suspensions)
    {
        (revocations, suspensions) = (new RevocationTable(_stores, time), new SuspensionTable(_stores, time));
        _made.Add(suspensions);
        return new TokenService(new AppTable([App]), revocations, suspensions, time);
    }

    /// <summary>They keep nothing: memory is what is looked at.</summary>
    private sealed class Stores : IRevocationStore, ISuspensionStore, IRestrictionStore
    {
        public IReadOnlyList<Revocation> LoadAll() => [];

        public ValueTask<Revocation?> FindAsync(long appId, long userId, CancellationToken cancellationToken) => new((Revocation?)null);

        public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken) => Task.CompletedTask;

        IReadOnlyList<Suspension> ISuspensionStore.LoadActive(long now) => [];

        ValueTask<Suspension?> ISuspensionStore.FindAsync(long appId, long userId, CancellationToken cancellationToken) => new((Suspension?)null);

        public Task SaveAsync(Suspension suspension, CancellationToken cancellationToken) => Task.CompletedTask;

        IReadOnlyList<RoomRestriction> IRestrictionStore.LoadActive(long now) => [];

        public ValueTask<RoomRestriction?> FindAsync(RestrictionKey key, CancellationToken cancellationToken) => new((RoomRestriction?)null);

        public Task SaveAsync(RoomRestriction restriction, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RemoveAsync(RestrictionKey key, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RemoveEndedAsync(long now, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
