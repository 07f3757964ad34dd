using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// Durable one-to-one messages over several nodes, and right after them the bare statements of their log with the same
/// batches. Each run is such a pair.
/// </summary>
internal sealed class AppendPairScenario(DirectOptions options) : IScenario
{
    public string Name => "append pair";

    public string Parameters(LoadSettings settings) => new DirectScenario(options).Parameters(settings);

    internal static Command Command()
    {
        var pairs = CheckedOption.Number("--pairs", "Rounds; each measures both", 5, 1, 100);
        var seconds = CheckedOption.Seconds(10);
        var command = new Command("append", "Durable one-to-one messages over several nodes by what their database takes without them") { pairs, seconds };
        ScenarioCommand.Bind(command, (parsed, settings, _) =>
        {
            var options = ClusterPlan.Direct(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            return [new Step(Keys.ClusterAppend, new AppendPairScenario(options), settings.OfSeveral with { Runs = parsed.GetValue(pairs) })];
        });
        return command;
    }

    public void Run(LoadSettings settings, ScenarioResult result)
    {
        var direct = new ScenarioResult(Name, "");
        new DirectScenario(options).Run(settings, direct);
        var batch = Math.Max(1, (int)Math.Round(direct[MetricNames.CommitBatch]));
        new AppendScenario(batch, options.Pairs, options.Frame, options.Period).Run(settings, result);
        foreach (var metric in direct.Metrics)
            result.Add(metric.Name, metric.Value, metric.Unit);
        foreach (var failure in direct.Failures)
            result.FailIf(true, failure);
        result.Note = direct.Note;
        result.Add(MetricNames.DirectByAppend, direct[MetricNames.Receipts] / result[MetricNames.Stored], "×");
    }
}
