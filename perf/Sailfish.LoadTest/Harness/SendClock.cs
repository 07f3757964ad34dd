using System.Diagnostics;

namespace Sailfish.LoadTest.Harness;

/// <summary>
/// Says when messages of a rate are due. A message counts from then, not from when it is sent: a late sender does not
/// hide a slow server.
/// </summary>
internal sealed class SendClock(double rate)
{
    private long _startedAt;
    private long _taken;

    /// <summary>Takes the next message that is due; the clock starts with the first call.</summary>
    internal bool TryTake(out long due)
    {
        if (_startedAt == 0)
            _startedAt = Stopwatch.GetTimestamp();
        due = _startedAt + (long)(_taken / rate * Stopwatch.Frequency);
        if (due > Stopwatch.GetTimestamp())
            return false;
        _taken++;
        return true;
    }
}
