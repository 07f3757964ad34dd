using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Nodes;

/// <summary>The time is the store's, and goes on by the monotonic clock; the machine's own has no say in it.</summary>
public sealed class ClusterTimeTests
{
    private static readonly DateTimeOffset Told = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);
    private readonly FakeTimeProvider _system = new();
    private readonly ClusterTime _time;

    public ClusterTimeTests() => _time = new ClusterTime(_system);

    [Fact]
    public void Before_the_store_has_told_it_the_time_is_the_systems()
    {
        Assert.Equal(_system.GetUtcNow(), _time.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, _time.Offset);
    }

    [Fact]
    public void It_is_what_the_store_told_half_way_between_question_and_answer_and_what_has_passed_since()
    {
        Ask(Told, TimeSpan.FromMilliseconds(40));
        Assert.Equal(Told + TimeSpan.FromMilliseconds(20), _time.GetUtcNow());
        _system.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Told + TimeSpan.FromMilliseconds(2020), _time.GetUtcNow());
        Assert.Equal(_time.GetUtcNow() - _system.GetUtcNow(), _time.Offset);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    [InlineData(0.041)]
    public void Another_time_of_the_store_is_taken_at_once(double seconds)
    {
        Ask(Told, TimeSpan.Zero);
        _system.Advance(TimeSpan.FromSeconds(2));
        var other = _time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        Ask(other, TimeSpan.FromMilliseconds(40));
        Assert.Equal(other + TimeSpan.FromMilliseconds(20), _time.GetUtcNow());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    [InlineData(1)]
    public void A_slow_answer_that_fits_what_is_known_makes_no_step(double at)
    {
        Ask(Told, TimeSpan.FromMilliseconds(1));
        _system.Advance(TimeSpan.FromSeconds(2));
        Ask(_time.GetUtcNow() + (at * TimeSpan.FromMilliseconds(300)), TimeSpan.FromMilliseconds(300));
        Assert.Equal(Told + TimeSpan.FromMilliseconds(2300.5), _time.GetUtcNow());
    }

    [Fact]
    public void Timestamps_are_the_systems()
    {
        Ask(Told, TimeSpan.Zero);
        Assert.Equal((_system.GetTimestamp(), _system.TimestampFrequency), (_time.GetTimestamp(), _time.TimestampFrequency));
    }

    /// <param name="told">What the store says.</param>
    /// <param name="trip">How long question and answer take.</param>
    private void Ask(DateTimeOffset told, TimeSpan trip)
    {
        var asked = _system.GetTimestamp();
        _system.Advance(trip);
        _time.Note(told, asked, _system.GetTimestamp());
    }
}
