using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>Begun conversations are counted for all nodes together.</summary>
public sealed class PostgresOpeningsTests : IAsyncLifetime
{
    private const long Ann = 10001;
    private const long Bob = 10002;
    private TwoNodes? _nodes;

    private DirectoryNode One => _nodes!.One;

    private DirectoryNode Two => _nodes!.Two;

    public async ValueTask InitializeAsync() => _nodes = await TwoNodes.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_nodes is not null)
            await _nodes.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_is_on_two_nodes_begins_no_more_than_on_one()
    {
        var (here, there) = (new User(One, perHour: 3), new User(Two, perHour: 3));
        Assert.Null(await here.OpenAsync(20001));
        Assert.Null(await there.OpenAsync(20002));
        Assert.Null(await here.OpenAsync(20003));
        foreach (var user in new[] { here, there, new User(Two, perHour: 3) })
            Assert.InRange(Assert.NotNull(await user.OpenAsync(20004)), TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(20));
        Assert.Null(await new User(Two, perHour: 3, Bob).OpenAsync(20004));
    }

    [Fact]
    public async Task Many_messages_on_their_way_into_one_begin_it_once()
    {
        var user = new User(One, perHour: 2);
        for (var i = 0; i < 5; i++)
            Assert.Null(await user.OpenAsync(20001));
        Assert.Null(await user.OpenAsync(20002));
        Assert.NotNull(await user.OpenAsync(20003));
    }

    [Fact]
    public async Task They_come_back_over_the_hour()
    {
        var user = new User(One, perHour: 2);
        Assert.Null(await user.OpenAsync(20001));
        Assert.Null(await user.OpenAsync(20002));
        Assert.NotNull(await user.OpenAsync(20003));
        await One.DoAsync("UPDATE opening SET full_at = full_at - interval '31 min'");
        Assert.Null(await user.OpenAsync(20003));
        Assert.NotNull(await user.OpenAsync(20004));
        // After a long time there are no more than at first.
        await One.DoAsync("UPDATE opening SET full_at = full_at - interval '1 day'");
        Assert.Null(await user.OpenAsync(20004));
        Assert.Null(await user.OpenAsync(20005));
        Assert.NotNull(await user.OpenAsync(20006));
    }

    [Fact]
    public async Task What_has_run_out_is_swept_away_and_what_counts_is_not()
    {
        var openings = new User(One, perHour: 2);
        await openings.OpenAsync(20001);
        await new User(One, perHour: 2, Bob).OpenAsync(20001);
        await One.DoAsync($"UPDATE opening SET full_at = clock_timestamp() WHERE user_id = {Ann}");
        await openings.Openings.RemoveOldAsync(CancellationToken.None);
        Assert.Equal(Bob, await One.NumberAsync("SELECT sum(user_id)::bigint FROM opening"));
    }

    [Fact]
    public async Task Of_many_at_once_no_more_are_begun_than_there_are()
    {
        User[] users = [.. Enumerable.Range(0, 40).Select(i => new User(i % 2 == 0 ? One : Two, perHour: 10))];
        var waits = await Task.WhenAll(users.Select((user, i) => user.OpenAsync(20001 + i)));
        Assert.Equal(10, waits.Count(wait => wait is null));
    }

    /// <summary>A session on a node.</summary>
    private sealed class User(DirectoryNode node, int perHour, long id = Ann)
    {
        private static readonly IOptions<LimitsOptions> Defaults = Options.Create(new LimitsOptions());
        private readonly Session _session = node.NewSession(id);

        public PostgresOpenings Openings { get; } = new(
            node.Database, new UserPaceTable(Defaults, TimeProvider.System), Options.Create(new LimitsOptions { NewConversationsPerHour = perHour }));

        public Task<TimeSpan?> OpenAsync(long other) => Openings.OpenAsync(_session, ConversationKey.Direct(1, id, other), CancellationToken.None).AsTask();
    }
}
