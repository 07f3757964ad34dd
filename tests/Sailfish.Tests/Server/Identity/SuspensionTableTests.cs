using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Identity;

/// <summary>Memory follows what other nodes store.</summary>
public sealed class SuspensionTableTests : IDisposable
{
    private static readonly UserKey User = new(1, 10001);
    private static readonly Change Told = new(ChangeKind.Suspension, 1, 10001);
    private readonly Store _store = new();
    private readonly FakeChanges _changes = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SuspensionTable _table;

    public SuspensionTableTests() => _table = new SuspensionTable(_store, _time, _changes);

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Who_is_suspended_by_another_node_is_and_is_no_more_when_it_takes_it_back()
    {
        _store.Set(User, In(60));
        Assert.False(_table.IsSuspended(User));
        await _changes.TellAsync(Told);
        Assert.True(_table.IsSuspended(User));
        _store.Remove(User);
        await _changes.TellAsync(Told);
        Assert.False(_table.IsSuspended(User));
    }

    [Fact]
    public async Task What_may_have_been_missed_is_read_whole()
    {
        await _table.SetAsync(User, null);
        _store.Remove(User);
        var other = User with { UserId = 10002 };
        _store.Set(other, In(60));
        await _changes.MissAsync();
        Assert.False(_table.IsSuspended(User));
        Assert.True(_table.IsSuspended(other));
    }

    private long In(int seconds) => (_time.GetUtcNow() + TimeSpan.FromSeconds(seconds)).ToUnixTimeMilliseconds();

    private sealed class Store : ISuspensionStore
    {
        private readonly Dictionary<UserKey, long> _until = [];

        public void Set(UserKey user, long until) => _until[user] = until;

        public void Remove(UserKey user) => _until.Remove(user);

        public IReadOnlyList<Suspension> LoadActive(long now) =>
            [.. _until.Where(row => row.Value > now).Select(row => new Suspension(row.Key.AppId, row.Key.UserId, row.Value))];

        public ValueTask<Suspension?> FindAsync(long appId, long userId, CancellationToken cancellationToken) =>
            new(_until.TryGetValue(new UserKey(appId, userId), out var until) ? new Suspension(appId, userId, until) : null);

        public Task SaveAsync(Suspension suspension, CancellationToken cancellationToken)
        {
            Set(new UserKey(suspension.AppId, suspension.UserId), suspension.Until);
            return Task.CompletedTask;
        }
    }
}
