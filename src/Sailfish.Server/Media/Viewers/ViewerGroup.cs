namespace Sailfish.Server.Media.Viewers;

/// <summary>Some of the viewers of a stream, who are pushed by one thread.</summary>
internal sealed class ViewerGroup(PumpThread thread)
{
    private const int Most = 512;

    private volatile Viewer[] _all = [];
    private int _isQueued;

    public Viewer[] All => _all;

    /// <summary>False when it is full. Guarded by the set.</summary>
    public bool TryAdd(Viewer viewer)
    {
        if (_all.Length >= Most)
            return false;
        _all = [.. _all, viewer];
        return true;
    }

    /// <summary>False when it is not in it. Guarded by the set.</summary>
    public bool TryRemove(Viewer viewer)
    {
        var at = Array.IndexOf(_all, viewer);
        if (at < 0)
            return false;
        _all = [.. _all[..at], .. _all[(at + 1)..]];
        return true;
    }

    /// <summary>Has its thread push, unless it is about to.</summary>
    public void Signal()
    {
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
            thread.Add(this);
    }

    /// <summary>By the thread.</summary>
    public void Push()
    {
        // First: what comes while it pushes is seen by the next round.
        Interlocked.Exchange(ref _isQueued, 0);
        foreach (var viewer in _all)
            viewer.Push();
    }
}
