namespace Sailfish.LoadTest.Results;

/// <summary>What a run, or the median of several, came to.</summary>
internal sealed class ScenarioResult(string scenario, string parameters)
{
    private readonly List<Metric> _metrics = [];
    private readonly List<string> _failures = [];

    internal string Scenario { get; } = scenario;

    internal string Parameters { get; } = parameters;

    internal IReadOnlyList<Metric> Metrics => _metrics;

    /// <summary>Losses, gaps, duplicates, errors: any of them fails the run.</summary>
    internal IReadOnlyList<string> Failures => _failures;

    /// <summary>A remark on how to read the numbers.</summary>
    internal string Note { get; set; } = "";

    /// <summary>The single runs, when this is the median of several.</summary>
    internal IReadOnlyList<ScenarioResult> Runs { get; private init; } = [];

    /// <summary>A metric by its name; not a number when there is none.</summary>
    internal double this[string name] => _metrics.Find(m => m.Name == name)?.Value ?? double.NaN;

    /// <summary>A metric's values in the single runs; none when there was one run.</summary>
    internal IEnumerable<double> RunsOf(Metric metric) => Runs.Select(r => r[metric.Name]).Where(double.IsFinite);

    internal void Add(string name, double value, string unit) => _metrics.Add(new Metric(name, value, unit));

    internal void FailIf(bool failed, string why)
    {
        if (failed)
            _failures.Add(why);
    }

    /// <summary>Each metric's median, and every failure.</summary>
    internal static ScenarioResult MedianOf(IReadOnlyList<ScenarioResult> runs)
    {
        if (runs.Count == 1)
            return runs[0];
        var median = new ScenarioResult(runs[0].Scenario, runs[0].Parameters)
        {
            Runs = runs,
            Note = $"median of {runs.Count}; " + string.Join(" | ", runs.Select(r => r.Note).Distinct()),
        };
        foreach (var group in runs.SelectMany(r => r._metrics).GroupBy(m => (m.Name, m.Unit)))
            median.Add(group.Key.Name, Median(group.Select(m => m.Value).Where(double.IsFinite)), group.Key.Unit);
        median._failures.AddRange(runs.SelectMany((r, i) => r._failures.Select(f => $"run {i + 1}: {f}")));
        return median;
    }

    /// <summary>The middle one, or the mean of the two in the middle; not a number when there are none.</summary>
    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
