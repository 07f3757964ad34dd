namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// How far back changes are read, and which of them were taken over already. A row may become readable long after its time: each
/// look begins at the horizon of the one before it, the beginning of the oldest transaction that was still writing then.
/// </summary>
internal sealed class ChangeWindow(DateTime horizon)
{
    /// <summary>Between the time of a row and the moment in which the database counts its transaction among those that write.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(1);

    /// <summary>How long it is known that a row was taken over: the horizon may fall back, by a transaction that begins to write late.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(2);

    private readonly Dictionary<long, DateTime> _taken = [];
    private readonly HashSet<long> _failed = [];
    private DateTime? _oldestFailed;

    /// <summary>Rows of this time and later are to be read.</summary>
    public DateTime Since { get; private set; } = horizon - Overlap;

    public bool IsNew(ChangeRow row) => !_taken.ContainsKey(row.Id);

    public void Take(ChangeRow row)
    {
        _taken[row.Id] = row.At;
        _failed.Remove(row.Id);
    }

    /// <summary>The row is read again next time. True when it has not failed before.</summary>
    public bool Fail(ChangeRow row)
    {
        if (_oldestFailed is not { } oldest || row.At < oldest)
            _oldestFailed = row.At;
        return _failed.Add(row.Id);
    }

    /// <summary>All rows of a look have been taken or have failed.</summary>
    /// <param name="horizon">Of that look: read before its rows.</param>
    public void Close(DateTime horizon)
    {
        Since = _oldestFailed is { } failed && failed < horizon - Overlap ? failed : horizon - Overlap;
        _oldestFailed = null;
        foreach (var (id, at) in _taken)
        {
            if (at < Since - Remembered)
                _taken.Remove(id);
        }
    }

    /// <summary>Everything has been read whole, since a horizon: what is older than this is known.</summary>
    public void Restart(DateTime since)
    {
        Since = since;
        _failed.Clear();
    }
}
