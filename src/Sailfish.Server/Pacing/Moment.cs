namespace Sailfish.Server.Pacing;

/// <summary>One look at the clock, which several paces go by.</summary>
/// <param name="Timestamp">As the time provider counts.</param>
/// <param name="Frequency">Its steps a second.</param>
internal readonly record struct Moment(long Timestamp, long Frequency)
{
    public static Moment Of(TimeProvider time) => new(time.GetTimestamp(), time.TimestampFrequency);
}
