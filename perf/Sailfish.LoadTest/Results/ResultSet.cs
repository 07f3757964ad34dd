namespace Sailfish.LoadTest.Results;

/// <summary>The results so far, in order, each under a key that targets know it by.</summary>
internal sealed class ResultSet
{
    private readonly List<KeyValuePair<string, ScenarioResult>> _results = [];

    internal IEnumerable<ScenarioResult> All => _results.Select(r => r.Value);

    /// <summary>A metric of a result; not a number when either is missing.</summary>
    internal double Value(string key, string metric) =>
        _results.Find(r => r.Key == key).Value is { } result ? result[metric] : double.NaN;

    internal void Add(string key, ScenarioResult result) => _results.Add(new(key, result));
}
