using System.Globalization;

namespace Sailfish.LoadTest.Results;

/// <summary>Results for a person.</summary>
internal static class ResultTable
{
    internal static void Print(ScenarioResult result)
    {
        Console.WriteLine();
        Console.WriteLine($"{result.Scenario} {result.Parameters}{(result.Note.Length == 0 ? "" : $"  [{result.Note}]")}");
        foreach (var metric in result.Metrics)
        {
            var runs = result.RunsOf(metric).Select(Format).ToArray();
            var spread = runs.Length == 0 ? "" : $"  ({string.Join(", ", runs)})";
            Console.WriteLine($"  {metric.Name,-36} {Format(metric.Value),16} {metric.Unit}{spread}");
        }

        foreach (var failure in result.Failures)
            Console.WriteLine($"  FAILED: {failure}");
    }

    internal static string Format(double value) =>
        value.ToString(Math.Abs(value) >= 100 || value == Math.Floor(value) ? "N0" : "N2", CultureInfo.InvariantCulture);
}
