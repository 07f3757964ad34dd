using Sailfish.Server.Delivery;

namespace Sailfish.Tests.Server.Delivery;

public sealed class StoreHorizonsTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new();
    private readonly StoreHorizons _horizons;

    public StoreHorizonsTests() => _horizons = new StoreHorizons(_time);

    [Fact]
    public void What_was_known_at_a_moment_is_the_newest_that_was_noted_by_then()
    {
        var before = _time.GetTimestamp();
        Pass(1);
        _horizons.Note(Begin);
        var first = _time.GetTimestamp();
        Pass(1);
        _horizons.Note(Begin.AddSeconds(-3));
        Pass(1);
        Assert.Null(_horizons.KnownAt(before));
        Assert.Equal(Begin, _horizons.KnownAt(first));
        Assert.Equal(Begin, _horizons.KnownAt(first + 1));
        // A long transaction, or a clock that was set: the later one counts.
        Assert.Equal(Begin.AddSeconds(-3), _horizons.KnownAt(_time.GetTimestamp()));
    }

    [Fact]
    public void What_is_older_than_two_minutes_is_forgotten_but_for_the_newest_of_it()
    {
        var begin = _time.GetTimestamp();
        for (var second = 0; second < 1000; second++)
        {
            _horizons.Note(Begin.AddSeconds(second));
            Pass(1);
        }

        Assert.Null(_horizons.KnownAt(begin));
        Assert.Equal(Begin.AddSeconds(999), _horizons.KnownAt(_time.GetTimestamp()));
        Assert.Equal(Begin.AddSeconds(880), _horizons.KnownAt(_time.GetTimestamp() - TimeSpan.FromSeconds(120).Ticks));
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
