namespace Sailfish.Server.Nodes;

/// <summary>
/// The time that all nodes share: the store's, as it was last told, and what has passed since by the monotonic clock. What one
/// node stamps and another looks at is so one clock's, however far those of the machines are apart. Until the store has told it,
/// it is the system's. Timers and timestamps are the system's always.
/// </summary>
internal sealed class ClusterTime(TimeProvider system) : TimeProvider
{
    private volatile Reading? _last;

    public override long TimestampFrequency => system.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    /// <summary>By how much the clock of this machine is behind the store's; less than nothing where it is ahead.</summary>
    public TimeSpan Offset => _last is null ? TimeSpan.Zero : GetUtcNow() - system.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _last is { } last ? last.Told + system.GetElapsedTime(last.At) : system.GetUtcNow();

    public override long GetTimestamp() => system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        system.CreateTimer(callback, state, dueTime, period);

    /// <summary>
    /// The store has told its time, at some moment between the question and the answer. Where that fits what is known already,
    /// this stays: time then goes on without small steps, back and forth.
    /// </summary>
    /// <param name="told">The store's time.</param>
    /// <param name="asked">The timestamp before the question.</param>
    /// <param name="answered">The timestamp of the answer.</param>
    public void Note(DateTimeOffset told, long asked, long answered)
    {
        var reading = new Reading(told, asked + ((answered - asked) / 2));
        var unsure = system.GetElapsedTime(asked, answered) / 2;
        if (_last is not { } last || (last.Told + system.GetElapsedTime(last.At, reading.At) - told).Duration() > unsure)
            _last = reading;
    }

    private sealed record Reading(DateTimeOffset Told, long At);
}
