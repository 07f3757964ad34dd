using System.Globalization;

namespace Sailfish.LoadTest.Video;

/// <summary>What is asked of the scenarios of video.</summary>
internal sealed record VideoOptions
{
    internal const int StandardViewers = 1000;

    /// <summary>A picture of 640 × 360.</summary>
    internal const int StandardKbps = 1000;

    internal int Viewers { get; init; } = StandardViewers;

    internal TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    internal TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    internal int Kbps { get; init; } = StandardKbps;

    internal Watch Watch { get; init; }

    /// <summary>Part of the viewers that never read.</summary>
    internal double Dead { get; init; }

    internal int DeadViewers => (int)(Dead * Viewers);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"--viewers {Viewers} --seconds {Period.TotalSeconds:F0} --kbps {Kbps} --watch {Watch.ToString().ToLowerInvariant()}{(Dead > 0 ? $" --dead {Dead}" : "")}");
}
