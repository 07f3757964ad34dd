using System.Diagnostics;

namespace Sailfish.LoadTest.Harness;

/// <summary>A line a second on the standard error, so that the standard output holds results only.</summary>
internal sealed class Progress(string activity)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _lastAt = Stopwatch.GetTimestamp();

    /// <summary>Prints when a second has passed since the last line.</summary>
    internal void Tick(Func<string> state)
    {
        if (Stopwatch.GetElapsedTime(_lastAt) < Interval)
            return;
        _lastAt = Stopwatch.GetTimestamp();
        End(state());
    }

    internal void End(string state) =>
        Console.Error.WriteLine($"  {Stopwatch.GetElapsedTime(_startedAt).TotalSeconds,6:F1} s  {activity}: {state}");
}
