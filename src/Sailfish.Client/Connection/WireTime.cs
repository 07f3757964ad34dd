namespace Sailfish.Client.Connection;

/// <summary>Times on the wire: milliseconds since 1970-01-01 UTC.</summary>
internal static class WireTime
{
    private static readonly long Min = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Max = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The time; what no calendar holds becomes the nearest that one does.</summary>
    public static DateTimeOffset Of(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, Min, Max));
}
