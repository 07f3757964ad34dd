using System.CommandLine;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Every scenario in turn: at full size to measure, or quickly to see that nothing is lost and nothing leaks.</summary>
internal static class AllScenarios
{
    internal static Command Command()
    {
        var quick = new Option<bool>("--quick") { Description = "At reduced size, in a few minutes: for correctness, not for numbers" };
        var command = new Command("all", "Every scenario in turn, and what came of the targets") { quick };
        ScenarioCommand.Bind(
            command,
            (parsed, settings, results) => parsed.GetValue(quick) ? QuickPlan.Steps(settings, results) : FullPlan.Steps(settings, results),
            parsed => !parsed.GetValue(quick));
        return command;
    }
}
