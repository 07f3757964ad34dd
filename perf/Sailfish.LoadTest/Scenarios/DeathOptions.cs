using System.Globalization;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What is asked of <see cref="DeathScenario"/>.</summary>
internal sealed record DeathOptions
{
    /// <summary>On all nodes together; those of the node that dies come back, and what they missed was sent between death and return.</summary>
    internal required StormOptions Crowd { get; init; }

    /// <summary>Users of the node that dies who do not come back.</summary>
    internal int Gone { get; init; } = 300;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Crowd} --gone {Gone}");
}
