using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.Tests.Server.Storage.Postgres;

/// <summary>A node is given up when its lease stands still while others renew theirs, and for no other reason.</summary>
public sealed class LeaseWatchTests
{
    private static readonly DateTime Time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly FakeTimeProvider _time = new();
    private readonly LeaseWatch _watch;

    public LeaseWatchTests() => _watch = new LeaseWatch(_time);

    [Fact]
    public void Who_renews_is_never_given_up()
    {
        for (var i = 0; i < 30; i++)
            Assert.Empty(LookAfter(2, Row(1, i)));
    }

    [Fact]
    public void Whose_lease_has_stood_for_9_s_is_given_up()
    {
        for (var i = 0; i < 10; i++)
            Assert.Empty(LookAfter(2, Row(1, i), Row(2, i)));
        // It was seen to change with the last one of these.
        for (var seconds = 2; seconds <= 8; seconds += 2)
            Assert.Empty(LookAfter(2, Row(1, 9), Row(2, 9 + seconds)));
        Assert.Equal(1, Assert.Single(LookAfter(2, Row(1, 9), Row(2, 30))).Generation);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void Whatever_the_databases_clock_does_who_renews_is_not_given_up_and_who_does_not_is(int jump)
    {
        for (var i = 0; i < 10; i++)
            Assert.Empty(LookAfter(2, Row(1, i), Row(2, i)));
        for (var i = 1; i < 5; i++)
            Assert.Empty(LookAfter(2, Row(1, 9), Row(2, jump + i)));
        Assert.Equal(1, Assert.Single(LookAfter(2, Row(1, 9), Row(2, jump + 9))).Generation);
    }

    [Fact]
    public void Who_was_not_looked_at_for_long_has_three_renewals_of_time()
    {
        for (var i = 0; i < 10; i++)
            Assert.Empty(LookAfter(2, Row(1, i)));
        Assert.Empty(LookAfter(30, Row(1, 9)));
        Assert.Empty(LookAfter(0.1, Row(1, 9)));
        Assert.Single(LookAfter(0.1, Row(1, 9)));
    }

    [Fact]
    public void After_a_break_of_the_own_lease_nobody_is_given_up_for_10_s()
    {
        for (var i = 0; i < 10; i++)
            LookAfter(2, Row(1, 0));
        _watch.Forget();
        Assert.Empty(LookAfter(2, Row(1, 0)));
        for (var seconds = 1; seconds < 10; seconds++)
            Assert.Empty(LookAfter(1, Row(1, 0)));
        Assert.Single(LookAfter(1, Row(1, 0)));
    }

    [Fact]
    public void A_node_that_is_gone_is_forgotten_and_one_whose_lease_is_for_ever_stays()
    {
        for (var i = 0; i < 10; i++)
            Assert.Empty(LookAfter(2, new NodeRow(Row(3, 0).Info, DateTime.MaxValue)));
        Assert.Empty(LookAfter(2));
        Assert.Empty(LookAfter(2, Row(3, 0)));
    }

    private static NodeRow Row(long generation, int until) =>
        new(new NodeInfo(generation, "node", "1.0.0", 0, 0, IsDraining: false, TimeSpan.Zero), Time + TimeSpan.FromSeconds(until));

    private IReadOnlyList<NodeRow> LookAfter(double seconds, params NodeRow[] rows)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return _watch.Look(rows);
    }
}
