using System.Globalization;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What is asked of <see cref="DirectScenario"/>.</summary>
internal sealed record DirectOptions
{
    internal required int Pairs { get; init; }

    internal required TimeSpan Period { get; init; }

    internal TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    internal int Window { get; init; } = 32;

    internal int Frame { get; init; } = 128;

    internal DirectAck Ack { get; init; } = DirectAck.Each;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"--pairs {Pairs} --seconds {Period.TotalSeconds:F0} --window {Window} --frame {Frame} --ack {(Ack == DirectAck.Each ? "each" : "read")}");
}
