using System.Globalization;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What is asked of <see cref="DirectScenario"/>.</summary>
internal sealed record DirectOptions
{
    internal required int Pairs { get; init; }

    internal required TimeSpan Period { get; init; }

    internal TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    internal int Window { get; init; } = 32;

    /// <summary>Messages a second of all pairs together, whatever is under way; 0 = as many as the window lets through.</summary>
    internal double Rate { get; init; }

    internal int Frame { get; init; } = 128;

    internal DirectAck Ack { get; init; } = DirectAck.Each;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"--pairs {Pairs} --seconds {Period.TotalSeconds:F0} {(Rate > 0 ? "--rate" : "--window")} {(Rate > 0 ? Rate : Window)} --frame {Frame} --ack {(Ack == DirectAck.Each ? "each" : "read")}");
}
