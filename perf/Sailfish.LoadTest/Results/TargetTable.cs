using System.Globalization;

namespace Sailfish.LoadTest.Results;

/// <summary>Targets for a person: on the console, and in Markdown.</summary>
internal static class TargetTable
{
    internal static void Print(IReadOnlyList<TargetOutcome> outcomes)
    {
        if (outcomes.Count == 0)
            return;
        Console.WriteLine();
        Console.WriteLine($"{"target",-68} {"is to be",-26} {"measured",14}  met");
        foreach (var outcome in outcomes)
            Console.WriteLine($"{outcome.Target.Name,-68} {outcome.Target.Condition,-26} {Measured(outcome),14}  {outcome.Verdict}");
    }

    internal static string Markdown(IEnumerable<TargetOutcome> outcomes) =>
        "| what | target | measured (median) | met |\n|---|---|---|---|\n"
        + string.Concat(outcomes.Select(o => $"| {o.Target.Name} | {o.Target.Condition} | {Measured(o)} {o.Target.Unit} | {o.Verdict} |\n"));

    private static string Measured(TargetOutcome outcome) =>
        outcome.Measured.ToString(Math.Abs(outcome.Measured) >= 100 ? "N0" : "N2", CultureInfo.InvariantCulture);
}
