using System.Globalization;

namespace Sailfish.Server.Hosting;

/// <summary>A wait as HTTP tells it (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>Whole seconds, and never too few.</summary>
    public static string SecondsOf(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
