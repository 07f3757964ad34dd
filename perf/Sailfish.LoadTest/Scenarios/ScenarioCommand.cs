using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Makes a command of a plan: run its steps, print, write, and an exit code that a build can look at.</summary>
internal static class ScenarioCommand
{
    /// <summary>A step may depend on the results of those before it: a plan is asked for one step at a time.</summary>
    internal delegate IEnumerable<Step> Plan(ParseResult parsed, LoadSettings settings, ResultSet results);

    /// <param name="command">The command.</param>
    /// <param name="plan">Its steps.</param>
    /// <param name="isFull">Whether the options make the sizes that the targets are about; they are judged then only.</param>
    internal static void Bind(Command command, Plan plan, Func<ParseResult, bool>? isFull = null)
    {
        var common = new CommonOptions();
        common.AddTo(command);
        SetAction(command, parsed => Run(plan, common, parsed, isFull?.Invoke(parsed) ?? false));
    }

    /// <summary>What cannot be run is told in a line, and by an exit code of its own.</summary>
    internal static void SetAction(Command command, Func<ParseResult, int> run) => command.SetAction(parsed =>
    {
        try
        {
            return run(parsed);
        }
        catch (LoadTestException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }
    });

    private static int Run(Plan plan, CommonOptions common, ParseResult parsed, bool isFull)
    {
        var results = new ResultSet();
        foreach (var step in plan(parsed, common.Read(parsed), results))
        {
            var result = ScenarioRunner.Run(step.Scenario, step.Settings);
            foreach (var bound in step.Bounds)
                bound.Check(result);
            results.Add(step.Key, result);
        }

        foreach (var result in results.All)
            ResultTable.Print(result);
        var outcomes = Targets.Of(results, isFull);
        TargetTable.Print(outcomes);
        common.WriteFiles(parsed, results, outcomes);
        return results.All.Any(r => r.Failures.Count > 0) ? 1 : 0;
    }
}
