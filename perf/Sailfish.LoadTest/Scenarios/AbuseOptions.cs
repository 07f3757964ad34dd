namespace Sailfish.LoadTest.Scenarios;

/// <summary>How long and how hard the floods are, and what the others may notice of them.</summary>
internal sealed record AbuseOptions
{
    internal IReadOnlyList<FloodKind> Kinds { get; init; } = Enum.GetValues<FloodKind>();

    /// <summary>Connections that flood at once: one for each core would do, if anything did.</summary>
    internal int Flooders { get; init; } = 2 * Environment.ProcessorCount;

    /// <summary>Of each kind.</summary>
    internal TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>p99 of the others' heartbeats and messages, in milliseconds.</summary>
    internal double MaxP99 { get; init; } = 50;

    /// <summary>The slowest answer of /healthz, in milliseconds: a probe that gives up ends the server.</summary>
    internal double MaxHealth { get; init; } = 250;

    /// <summary>
    /// Whether what they notice without a flood is allowed besides: for a machine that does other things meanwhile.
    /// </summary>
    internal bool IsRelative { get; init; }

    /// <summary>How often a flood that was too slow is looked at again, each time beside a new period without one.</summary>
    internal int Repeats { get; init; }

    public override string ToString() =>
        FormattableString.Invariant($"--kinds {string.Join(",", Kinds).ToLowerInvariant()} --flooders {Flooders} --seconds {Period.TotalSeconds:F0}");
}
