using Sailfish.Server.Pacing;

namespace Sailfish.Tests.Server.Pacing;

public sealed class PaceTableTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Each_account_has_its_burst_and_then_what_comes_back()
    {
        var table = new PaceTable(Rate.PerMinute(10, burst: 20), _time);
        Assert.Equal(20, Enumerable.Range(0, 30).Count(_ => table.Take(1, 1) is null));
        Assert.Equal(TimeSpan.FromSeconds(6), table.Take(1, 1));
        Assert.Null(table.Take(2, 1));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(table.Take(1, 1));
        Assert.NotNull(table.Take(1, 1));
    }

    [Fact]
    public void Whatever_is_refused_takes_nothing()
    {
        var table = new PaceTable(new Rate(PerSecond: 10, Burst: 100), _time);
        Assert.Null(table.Take(1, 60));
        Assert.Equal(TimeSpan.FromSeconds(2), table.Take(1, 60));
        Assert.Null(table.Take(1, 40));
    }

    [Fact]
    public void Accounts_that_are_full_again_are_forgotten()
    {
        var table = new PaceTable(new Rate(PerSecond: 1, Burst: 100), _time);
        for (var account = 0; account < 1000; account++)
            table.Take(account, 5);
        table.Take(1000, 100);
        Assert.Equal(1001, table.Count);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.NotNull(table.Take(1000, 100));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void Without_a_limit_nobody_waits_or_is_remembered()
    {
        var table = new PaceTable(new Rate(PerSecond: 0, Burst: 1), _time);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(table.Take(1, 50)));
        Assert.Equal(0, table.Count);
    }
}
