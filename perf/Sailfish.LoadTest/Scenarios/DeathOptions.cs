using System.Globalization;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What is asked of <see cref="DeathScenario"/>.</summary>
internal sealed record DeathOptions
{
    /// <summary>On all nodes together; those of the node that dies come back.</summary>
    internal required int Sessions { get; init; }

    /// <summary>Users of the node that dies who do not come back.</summary>
    internal int Gone { get; init; } = 300;

    /// <summary>Rooms that the sessions share out among them.</summary>
    internal int Rooms { get; init; } = 10;

    /// <summary>Messages sent to each room between the death and the return.</summary>
    internal int Missed { get; init; } = 20;

    internal int Frame { get; init; } = 128;

    internal StormOptions Crowd => new() { Sessions = Sessions, Rooms = Rooms, Missed = Missed, Frame = Frame };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"--sessions {Sessions} --gone {Gone} --rooms {Rooms} --missed {Missed} --frame {Frame}");
}
