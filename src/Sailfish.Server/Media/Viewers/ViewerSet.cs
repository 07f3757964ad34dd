namespace Sailfish.Server.Media.Viewers;

/// <summary>The viewers of one stream, in groups that the pump's threads take one at a time.</summary>
internal sealed class ViewerSet(MediaPump pump)
{
    private readonly Lock _gate = new();
    private volatile ViewerGroup[] _groups = [];
    private int _count;

    /// <summary>Without other nodes.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Those that went on with a later keyframe at least once.</summary>
    public int Late => _groups.Sum(group => group.All.Count(viewer => viewer.Skips > 0));

    public IEnumerable<Viewer> All => _groups.SelectMany(group => group.All);

    public void Add(Viewer viewer)
    {
        lock (_gate)
        {
            _count += viewer.Pass.IsRelay ? 0 : 1;
            foreach (var group in _groups)
            {
                if (group.TryAdd(viewer))
                    return;
            }

            var another = new ViewerGroup(pump.NextThread());
            another.TryAdd(viewer);
            _groups = [.. _groups, another];
        }
    }

    public void Remove(Viewer viewer)
    {
        lock (_gate)
        {
            foreach (var group in _groups)
            {
                if (!group.TryRemove(viewer))
                    continue;
                _count -= viewer.Pass.IsRelay ? 0 : 1;
                if (group.All.Length == 0)
                    _groups = [.. _groups.Where(other => other != group)];
                return;
            }
        }
    }

    /// <summary>There is something new to send.</summary>
    public void Signal()
    {
        foreach (var group in _groups)
            group.Signal();
    }

    public void EndAll(ViewerEnd end)
    {
        foreach (var viewer in All)
            viewer.End(end);
    }
}
