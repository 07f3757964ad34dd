using System.Diagnostics;

namespace Sailfish.LoadTest.Harness;

/// <summary>Waits for something as long as it goes on, however long that takes.</summary>
internal static class Stall
{
    /// <summary>Polls until <paramref name="done"/>, or <paramref name="progress"/> has not moved for <paramref name="silence"/>.</summary>
    internal static void Until(Func<bool> done, Func<long> progress, TimeSpan silence, Action poll)
    {
        var (seen, seenAt) = (progress(), Stopwatch.GetTimestamp());
        while (!done() && Stopwatch.GetElapsedTime(seenAt) < silence)
        {
            poll();
            if (progress() != seen)
                (seen, seenAt) = (progress(), Stopwatch.GetTimestamp());
        }
    }
}
