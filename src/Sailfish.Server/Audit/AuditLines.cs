using Sailfish.Server.Sessions;

namespace Sailfish.Server.Audit;

/// <summary>Bounds the lines of one kind that strangers can cause; how many were left out stands in the next one.</summary>
internal sealed class AuditLines(TimeProvider time)
{
    private const int PerSecond = 10;
    private const int Burst = 100;
    private readonly Lock _lock = new();
    private Pace _pace;
    private long _leftOut;

    /// <summary>Whether a line may be written, with how many before it were not.</summary>
    public bool TryTake(out long leftOut)
    {
        lock (_lock)
        {
            leftOut = 0;
            if (!_pace.TryTake(PerSecond, Burst, time, out _))
            {
                _leftOut++;
                return false;
            }

            (leftOut, _leftOut) = (_leftOut, 0);
            return true;
        }
    }
}
