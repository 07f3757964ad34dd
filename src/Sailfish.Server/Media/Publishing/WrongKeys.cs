using Sailfish.Server.Hosting;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Media.Publishing;

/// <summary>Wrong stream keys by address: with ten in a minute, those that follow are not even looked at, but for a right one.</summary>
internal sealed class WrongKeys(TimeProvider time)
{
    private static readonly Rate Rate = Rate.PerMinute(10, burst: 10);
    private readonly Dictionary<ClientAddress, Pace> _paces = [];
    private readonly Lock _gate = new();

    /// <summary>Notes one; true when there were too many.</summary>
    public bool Note(ClientAddress address)
    {
        lock (_gate)
        {
            var now = Moment.Of(time);
            // As many entries as there were addresses with wrong keys in a minute.
            foreach (var (other, known) in _paces)
            {
                if (known.IsFull(now))
                    _paces.Remove(other);
            }

            var pace = _paces.GetValueOrDefault(address);
            var isTaken = pace.TryTake(Rate, 1, now, out _);
            _paces[address] = pace;
            return !isTaken;
        }
    }
}
