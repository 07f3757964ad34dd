using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

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

    private sealed class FakeStore(IReadOnlyList<Revocation> stored) : IRevocationStore
    {
        public List<Revocation> Saved { get; } = [];

        public IReadOnlyList<Revocation> LoadAll() => stored;

        public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken)
        {
            Saved.Add(revocation);
            return Task.CompletedTask;
        }
    }
}
