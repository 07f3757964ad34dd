using System.CommandLine;
using System.Globalization;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Durable one-to-one messages over several nodes, and the bare statements of their log with the same batches, in turn.</summary>
internal static class AppendCommand
{
    private const int Nodes = 3;

    internal static Command Command()
    {
        var rounds = CheckedOption.Number("--pairs", "Rounds; each measures both", 5, 1, 100);
        var seconds = CheckedOption.Seconds(10);
        var command = new Command("append", "Durable one-to-one messages over several nodes by what their database takes without them") { rounds, seconds };
        var common = new CommonOptions();
        common.AddTo(command);
        ScenarioCommand.SetAction(command, parsed =>
        {
            var settings = common.Read(parsed);
            return Run(
                settings.Nodes == 1 ? settings with { Nodes = Nodes } : settings,
                new DirectOptions { Pairs = 99, Period = TimeSpan.FromSeconds(parsed.GetValue(seconds)) },
                parsed.GetValue(rounds));
        });
        return command;
    }

    private static int Run(LoadSettings settings, DirectOptions options, int rounds)
    {
        List<double> ratios = [];
        var failures = 0;
        for (var round = 0; round < rounds; round++)
        {
            var direct = ScenarioRunner.Run(new DirectScenario(options), settings);
            var batch = Math.Max(1, (int)Math.Round(direct[MetricNames.CommitBatch]));
            var append = ScenarioRunner.Run(new AppendScenario(batch, options.Pairs, options.Frame, options.Period), settings);
            failures += direct.Failures.Count + append.Failures.Count;
            var (messages, stored) = (direct[MetricNames.Receipts], append[MetricNames.Stored]);
            ratios.Add(messages / stored);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{messages:N0} messages/s, batches of {batch}, receipt p99 {direct[MetricNames.P99(MetricNames.Receipt)]:F1} ms; bare append {stored:N0}/s; ratio {messages / stored:F2}"));
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {ratios[ratios.Count / 2]:F2}"));
        return failures == 0 ? 0 : 1;
    }
}
