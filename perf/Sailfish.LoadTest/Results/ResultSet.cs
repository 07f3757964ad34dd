using System.Globalization;

namespace Sailfish.LoadTest.Results;

/// <summary>The results so far, in order, each under a key that targets know it by.</summary>
internal sealed class ResultSet
{
    private readonly List<KeyValuePair<string, ScenarioResult>> _results = [];

    internal IEnumerable<ScenarioResult> All => _results.Select(r => r.Value);

    /// <summary>A metric of a result; not a number when either is missing.</summary>
    internal double Value(string key, string metric) =>
        _results.Find(r => r.Key == key).Value is { } result ? result[metric] : double.NaN;

    /// <summary>A metric of one result by that of another.</summary>
    internal double Ratio(string key, string against, string metric) => Value(key, metric) / Value(against, metric);

    /// <summary>The rooms of growing size, smallest first.</summary>
    internal IReadOnlyList<GrowthPoint> Growth() =>
    [
        .. _results.Where(r => r.Key.StartsWith(Keys.Growth, StringComparison.Ordinal) && double.IsFinite(r.Value[MetricNames.CpuPerDelivery]))
            .Select(r => new GrowthPoint(
                int.Parse(r.Key.AsSpan(Keys.Growth.Length), CultureInfo.InvariantCulture),
                r.Value[MetricNames.CpuPerDelivery],
                1e9 / r.Value[MetricNames.Deliveries]))
            .OrderBy(p => p.Members),
    ];

    internal void Add(string key, ScenarioResult result) => _results.Add(new(key, result));
}
