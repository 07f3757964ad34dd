using Sailfish.Server.Pacing;

namespace Sailfish.Tests.Server.Pacing;

public sealed class PaceTests
{
    private readonly FakeTimeProvider _time = new();
    private Pace _pace;

    [Theory]
    [InlineData(10, 5)]
    [InlineData(1, 1)]
    [InlineData(1000, 40)]
    [InlineData(3, 1)]
    public void A_burst_then_so_many_a_second(int perSecond, int burst)
    {
        for (var i = 0; i < burst; i++)
            Assert.True(Take(perSecond, burst, out _));
        var taken = 0;
        for (var i = 0; i < 10_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            if (Take(perSecond, burst, out _))
                taken++;
        }

        Assert.InRange(taken, (perSecond * 10) - 1, perSecond * 10);
    }

    [Fact]
    public void After_the_wait_that_was_told_there_is_one_and_not_before()
    {
        for (var i = 0; i < 3; i++)
            Assert.True(Take(2, 3, out _));
        Assert.False(Take(2, 3, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(500), wait);
        _time.Advance(wait - TimeSpan.FromTicks(1));
        Assert.False(Take(2, 3, out _));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(Take(2, 3, out wait));
        Assert.Equal(TimeSpan.Zero, wait);
        Assert.False(Take(2, 3, out _));
    }

    [Fact]
    public void A_rest_gives_the_whole_burst_and_no_more()
    {
        Assert.True(Take(10, 4, out _));
        _time.Advance(TimeSpan.FromDays(100));
        for (var i = 0; i < 4; i++)
            Assert.True(Take(10, 4, out _));
        Assert.False(Take(10, 4, out _));
    }

    [Fact]
    public void Without_a_rate_there_is_no_end()
    {
        for (var i = 0; i < 10_000; i++)
            Assert.True(Take(0, 1, out _));
    }

    private bool Take(int perSecond, int burst, out TimeSpan wait) => _pace.TryTake(new Rate(perSecond, burst), 1, Moment.Of(_time), out wait);
}
