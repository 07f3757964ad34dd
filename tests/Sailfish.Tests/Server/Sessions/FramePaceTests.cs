using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Sessions;

public sealed class FramePaceTests
{
    private readonly FakeTimeProvider _time = new();
    private FramePace _pace;

    [Theory]
    [InlineData(true, 400, 200)]
    [InlineData(false, 10, 2)]
    public void Frames_beyond_the_burst_wait_until_they_are_so_many_a_second(bool isLoggedIn, int burst, int perSecond)
    {
        for (var i = 1; i < burst; i++)
            Assert.Equal(TimeSpan.Zero, Take(isLoggedIn));
        var taken = 0;
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(20); taken++)
        {
            var pause = Take(isLoggedIn);
            passed += pause;
            _time.Advance(pause);
        }

        // A pause lets some pass at once.
        Assert.InRange(taken, 20 * perSecond, (20 * perSecond) + (perSecond / 10) + 1);
    }

    [Fact]
    public void A_pause_is_short_enough_for_a_connection_that_ends_meanwhile()
    {
        for (var i = 0; i < 1000; i++)
        {
            var pause = Take(isLoggedIn: i >= 500);
            Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
            _time.Advance(pause);
        }
    }

    [Fact]
    public void What_has_a_limit_of_its_own_never_waits()
    {
        for (var i = 0; i < 10_000; i++)
            Assert.Equal(TimeSpan.Zero, Take(isLoggedIn: true, cost: 0));
        Assert.Equal(TimeSpan.Zero, Take(isLoggedIn: true));
    }

    [Fact]
    public void LOGIN_begins_with_a_whole_burst_whatever_came_before()
    {
        for (var i = 0; i < 10; i++)
            Take(isLoggedIn: false);
        for (var i = 1; i < 400; i++)
            Assert.Equal(TimeSpan.Zero, Take(isLoggedIn: true));
        Assert.NotEqual(TimeSpan.Zero, Take(isLoggedIn: true));
    }

    [Fact]
    public void A_message_may_come_byte_by_byte_before_LOGIN_and_not_for_ever()
    {
        for (var i = 1; i <= 500; i++)
            Assert.Equal(TimeSpan.Zero, Take(isLoggedIn: false, FramePace.Fragment));
        var paused = false;
        for (var i = 1; i <= 500; i++)
            paused |= Take(isLoggedIn: false, FramePace.Fragment) > TimeSpan.Zero;
        Assert.True(paused);
    }

    [Fact]
    public void Others_have_their_turn_also_when_nothing_counts()
    {
        var turns = 0;
        for (var i = 0; i < 6400; i++)
        {
            if (_pace.Take(0, isLoggedIn: true, _time, out _))
                continue;
            turns++;
            _pace.BeginTurn();
        }

        Assert.Equal(50, turns);
    }

    private TimeSpan Take(bool isLoggedIn, int cost = FramePace.Frame)
    {
        _pace.Take(cost, isLoggedIn, _time, out var pause);
        return pause;
    }
}
