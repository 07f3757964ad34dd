using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What those who did nothing wrong saw in one period, with or without a flood.</summary>
/// <param name="Heartbeats">From a heartbeat to its answer.</param>
/// <param name="Messages">From a message to its arrival.</param>
/// <param name="Health">Answers of /healthz.</param>
internal sealed record ProbePeriod(Latencies Heartbeats, Latencies Messages, Latencies Health)
{
    private const double P99 = 0.99;
    private const double Max = 1;

    /// <summary>What the flooders got through; none in a period without them.</summary>
    internal FloodReport? Flooded { get; init; }

    internal void AddTo(ScenarioResult result, string name)
    {
        result.Add($"{name}: heartbeats p99", Heartbeats.Quantile(P99), "ms");
        result.Add($"{name}: heartbeats max", Heartbeats.Quantile(Max), "ms");
        result.Add($"{name}: messages p99", Messages.Quantile(P99), "ms");
        result.Add($"{name}: messages max", Messages.Quantile(Max), "ms");
        result.Add($"{name}: /healthz max", Health.Quantile(Max), "ms");
        result.Add($"{name}: samples", Heartbeats.Count + Messages.Count, "");
        if (Flooded is null)
            return;
        result.Add($"{name}: flooded", Flooded.Bytes / 1048576.0, "MiB");
        result.Add($"{name}: connections of the flooders", Flooded.Connections, "");
    }

    /// <summary>What was slower than is allowed, beside a period without a flood.</summary>
    internal IReadOnlyList<string> TooSlow(AbuseOptions options, ProbePeriod alone)
    {
        List<string> slow = [];
        Check("heartbeats p99", P99, period => period.Heartbeats, options.MaxP99);
        Check("messages p99", P99, period => period.Messages, options.MaxP99);
        Check("/healthz max", Max, period => period.Health, options.MaxHealth);
        return slow;

        void Check(string metric, double quantile, Func<ProbePeriod, Latencies> seen, double max)
        {
            var value = seen(this).Quantile(quantile);
            if (options.IsRelative)
                max += seen(alone).Quantile(quantile);
            if (!(value <= max))
                slow.Add(FormattableString.Invariant($"{metric}: {value:F1} ms, at most {max:F0} is allowed"));
        }
    }
}
