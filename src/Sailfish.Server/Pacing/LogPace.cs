namespace Sailfish.Server.Pacing;

/// <summary>How often a line of one kind may be written that anybody out there can cause, or what is tried again all the time; those left out are counted for the next one.</summary>
internal sealed class LogPace(Rate rate, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Pace _pace;
    private int _leftOut;

    /// <summary>Whether to write it; <paramref name="leftOut"/> counts those that were not written since the last one.</summary>
    public bool TryTake(out int leftOut)
    {
        lock (_lock)
        {
            var isTaken = _pace.TryTake(rate, 1, Moment.Of(time), out _);
            leftOut = _leftOut;
            _leftOut = isTaken ? 0 : _leftOut + 1;
            return isTaken;
        }
    }
}
