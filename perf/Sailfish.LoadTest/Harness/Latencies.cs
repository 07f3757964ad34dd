using System.Diagnostics;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>Every latency of a period, exactly: there are few enough to keep and sort.</summary>
internal sealed class Latencies
{
    private readonly List<long> _ticks = [];

    internal int Count => _ticks.Count;

    internal void Add(long from, long to) => _ticks.Add(to - from);

    internal void Report(ScenarioResult result, string what)
    {
        if (_ticks.Count == 0)
            return;
        _ticks.Sort();
        result.Add($"{what} p50", Milliseconds(0.5), "ms");
        result.Add($"{what} p99", Milliseconds(0.99), "ms");
        result.Add($"{what} p99.9", Milliseconds(0.999), "ms");
        result.Add($"{what} max", Milliseconds(1), "ms");
    }

    /// <summary>What so great a part of them was at most; not a number when there are none.</summary>
    internal double Quantile(double quantile)
    {
        _ticks.Sort();
        return _ticks.Count == 0 ? double.NaN : Milliseconds(quantile);
    }

    private double Milliseconds(double quantile)
    {
        var index = Math.Clamp((int)Math.Ceiling(quantile * _ticks.Count) - 1, 0, _ticks.Count - 1);
        return _ticks[index] * 1000.0 / Stopwatch.Frequency;
    }
}
