using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Makes a command of scenarios: run, print, write, and an exit code that a build can look at.</summary>
internal static class ScenarioCommand
{
    internal static void Bind(Command command, Func<ParseResult, LoadSettings, IEnumerable<(IScenario Scenario, LoadSettings Settings)>> plan)
    {
        var common = new CommonOptions();
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            try
            {
                var results = plan(parsed, common.Read(parsed)).Select(step => ScenarioRunner.Run(step.Scenario, step.Settings)).ToList();
                results.ForEach(ResultTable.Print);
                if (common.JsonPath(parsed) is { } path)
                    ResultFile.Write(path, results);
                return results.Exists(r => r.Failures.Count > 0) ? 1 : 0;
            }
            catch (LoadTestException error)
            {
                Console.Error.WriteLine(error.Message);
                return 2;
            }
        });
    }
}
