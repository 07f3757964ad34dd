namespace Sailfish.Server.Pacing;

/// <summary>How fast something may go.</summary>
/// <param name="PerSecond">How many there are in the long run; 0 for no end of them.</param>
/// <param name="Burst">How many there are at once.</param>
internal readonly record struct Rate(double PerSecond, int Burst)
{
    public static Rate PerHour(int perHour) => new(perHour / 3600.0, Math.Max(1, perHour));

    public static Rate PerMinute(int perMinute, int burst) => new(perMinute / 60.0, burst);

    public bool IsOff => PerSecond == 0;
}
