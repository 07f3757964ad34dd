using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Identity;

public sealed class RevocationTableTests
{
    [Fact]
    public async Task A_clock_that_went_back_makes_no_token_good_again()
    {
        var time = new FakeTimeProvider();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var user = new UserKey(1, 10001);
        var store = new FakeStore([new Revocation(1, 10001, now + 60_000)]);
        var table = new RevocationTable(store, time);
        var revoking = table.RevokeAsync(user, CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(2));
        await revoking;
        Assert.True(table.IsRevoked(user, now + 60_000));
        Assert.False(table.IsRevoked(user, now + 60_001));
        Assert.Equal(now + 60_000, Assert.Single(store.Saved).Before);
    }

    [Fact]
    public async Task What_another_node_has_voided_is_void_and_never_less_than_it_was()
    {
        var (store, changes, user) = (new FakeStore([]), new FakeChanges(), new UserKey(1, 10001));
        var table = new RevocationTable(store, new FakeTimeProvider(), changes);
        await store.SaveAsync(new Revocation(1, 10001, 70), CancellationToken.None);
        Assert.False(table.IsRevoked(user, 70));
        await changes.TellAsync(new Change(ChangeKind.Revocation, 1, 10001));
        Assert.True(table.IsRevoked(user, 70));
        Assert.False(table.IsRevoked(user, 71));
        await store.SaveAsync(new Revocation(1, 10001, 60), CancellationToken.None);
        await changes.TellAsync(new Change(ChangeKind.Revocation, 1, 10001));
        Assert.True(table.IsRevoked(user, 70));
    }

    [Fact]
    public async Task What_may_have_been_missed_is_read_whole()
    {
        List<Revocation> stored = [];
        var changes = new FakeChanges();
        var table = new RevocationTable(new FakeStore(stored), new FakeTimeProvider(), changes);
        stored.Add(new Revocation(1, 10001, 70));
        await changes.MissAsync();
        Assert.True(table.IsRevoked(new UserKey(1, 10001), 70));
    }

    private sealed class FakeStore(IReadOnlyList<Revocation> stored) : IRevocationStore
    {
        public List<Revocation> Saved { get; } = [];

        public IReadOnlyList<Revocation> LoadAll() => stored;

        public ValueTask<Revocation?> FindAsync(long appId, long userId, CancellationToken cancellationToken) =>
            new(Saved.FindLast(revocation => (revocation.AppId, revocation.UserId) == (appId, userId)));

        public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken)
        {
            Saved.Add(revocation);
            return Task.CompletedTask;
        }
    }
}
