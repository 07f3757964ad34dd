using Sailfish.Client.Connection;

namespace Sailfish.Tests.Client.Connection;

public sealed class BackoffTests
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(30);

    [Fact]
    public void Each_attempt_doubles_the_ceiling_up_to_the_maximum()
    {
        var backoff = new Backoff(Min, Max, new Random(1));
        var ceilings = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            ceilings.Add(backoff.Ceiling.TotalSeconds);
            backoff.Next();
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30, 30], ceilings);
    }

    [Fact]
    public void Delays_spread_over_the_whole_range()
    {
        var random = new Random(7);
        var delays = Enumerable.Range(0, 1000).Select(_ => new Backoff(Min, Max, random).Next()).ToList();
        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, Min));
        Assert.InRange(delays.Average(delay => delay.TotalMilliseconds), 225, 275);
        Assert.True(delays.Min() < Min * 0.05);
        Assert.True(delays.Max() > Min * 0.95);
    }

    [Fact]
    public void A_thousand_attempts_stay_within_the_maximum()
    {
        var backoff = new Backoff(Min, Max, new Random(3));
        for (var i = 0; i < 1000; i++)
            Assert.InRange(backoff.Next(), TimeSpan.Zero, Max);
    }

    [Fact]
    public void Reset_begins_anew()
    {
        var backoff = new Backoff(Min, Max, new Random(3));
        backoff.Next();
        backoff.Next();
        backoff.Reset();
        Assert.Equal(Min, backoff.Ceiling);
    }
}
