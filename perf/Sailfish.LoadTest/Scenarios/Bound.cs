using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>A metric that fails the run when it is larger, whatever the machine.</summary>
internal sealed record Bound(string Metric, double Max)
{
    internal void Check(ScenarioResult result) =>
        result.FailIf(!(result[Metric] <= Max), FormattableString.Invariant($"{Metric}: {result[Metric]:N1}, at most {Max:N0} is allowed"));
}
