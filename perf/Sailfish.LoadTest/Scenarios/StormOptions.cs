using System.Globalization;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What is asked of <see cref="StormScenario"/>.</summary>
internal sealed record StormOptions
{
    internal required int Sessions { get; init; }

    /// <summary>Rooms that the sessions share out among them.</summary>
    internal int Rooms { get; init; } = 10;

    /// <summary>Messages sent to each room while nobody but the sender is there.</summary>
    internal int Missed { get; init; } = 20;

    internal int Frame { get; init; } = 128;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"--sessions {Sessions} --rooms {Rooms} --missed {Missed} --frame {Frame}");
}
