namespace Sailfish.IntegrationTests.Storage;

/// <summary>A clock that goes as it does, and leaps ahead when it is told to.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private long _ahead;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _ahead);

    public void Leap(TimeSpan by) => Interlocked.Add(ref _ahead, (long)(by.TotalSeconds * TimestampFrequency));
}
