using System.Globalization;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What is asked of <see cref="RoomScenario"/>.</summary>
internal sealed record RoomOptions
{
    internal const long Room = 77;

    internal required int Members { get; init; }

    internal int Senders { get; init; } = 1;

    internal required TimeSpan Period { get; init; }

    internal TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    internal int Frame { get; init; } = 128;

    internal int Window { get; init; } = 64;

    internal RoomLoop Loop { get; init; } = RoomLoop.Delivered;

    /// <summary>Messages a second; 0 = as many as the window lets through.</summary>
    internal double Rate { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"--members {Members} --senders {Senders} --seconds {Period.TotalSeconds:F0} --frame {Frame} ")
        + (Rate > 0
            ? string.Create(CultureInfo.InvariantCulture, $"--rate {Rate}")
            : $"--window {Window} --loop {(Loop == RoomLoop.Delivered ? "delivered" : "receipted")}");
}
