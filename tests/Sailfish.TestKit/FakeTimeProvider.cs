namespace Sailfish.TestKit;

/// <summary>A clock that stands still until it is told to go on.</summary>
public sealed class FakeTimeProvider(DateTimeOffset start) : TimeProvider
{
    private TimeSpan _passed;

    public FakeTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan time) => _passed += time;

    public override DateTimeOffset GetUtcNow() => start + _passed;

    // Not 0 at the start: a timestamp of 0 may stand for "never".
    public override long GetTimestamp() => start.Ticks + _passed.Ticks;
}
