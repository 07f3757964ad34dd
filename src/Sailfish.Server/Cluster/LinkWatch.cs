using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Notices that frames to this node are missing: a hole in the numbers of a source, a heartbeat that speaks of frames which
/// do not come, a source that is silent. It is all the reliability that the bus has, and it is exact: what is missing is
/// told, and what is told is read from the log.
/// </summary>
/// <param name="self">This node's generation.</param>
/// <param name="time">The clock.</param>
/// <param name="losses">Who is told; never under a lock of this class.</param>
internal sealed class LinkWatch(long self, TimeProvider time, ILossSink losses)
{
    /// <summary>A source that does not beat for so long is not heard.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(3);

    /// <summary>How long a frame may be behind a heartbeat that speaks of it.</summary>
    private static readonly TimeSpan BehindLimit = TimeSpan.FromSeconds(1);

    /// <summary>Then it is dead, or it will begin anew.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromSeconds(15);

    /// <summary>More nodes than any cluster has.</summary>
    private const int MaxSources = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkSource> _sources = [];

    /// <summary>Whether a node that is heard has said that it reaches the database.</summary>
    public bool IsDatabaseOkElsewhere
    {
        get
        {
            lock (_lock)
                return _sources.Values.Any(source => source.IsDatabaseOk && !IsSilent(source));
        }
    }

    /// <summary>Whether the heartbeats of a source come.</summary>
    public bool IsHeard(long source)
    {
        lock (_lock)
            return _sources.TryGetValue(source, out var known) && known.IsCounted && !IsSilent(known);
    }

    /// <summary>A frame of another node has come.</summary>
    public void Received(in FrameHeader header)
    {
        bool isLost;
        lock (_lock)
            isLost = Find(header.Source) is not { } source || source.Take(header.Link, header.IsToAll);
        if (isLost)
            losses.Lost(header.Source);
    }

    /// <summary>What the frame said, if it was a heartbeat.</summary>
    public void Beat(in FrameHeader header, IEnumerable<LinkCount> counts)
    {
        var count = counts.FirstOrDefault(link => link.Node == self).Count;
        bool isFirst;
        lock (_lock)
            isFirst = Find(header.Source)?.Beat(count, header.Flags.HasFlag(FrameFlags.DatabaseOk), time.GetTimestamp()) == true;
        if (isFirst)
            losses.FirstHeard(header.Source);
    }

    /// <summary>Looks for what did not come; to be called each second. A source that is silent is told each time.</summary>
    public void Check()
    {
        List<long> lost = [];
        lock (_lock)
        {
            foreach (var (generation, source) in _sources)
            {
                if (Since(source.BeatAt) > ForgetAfter)
                    _sources.Remove(generation);
                else if (source.TakeOverdue(Since, BehindLimit) || IsSilent(source))
                    lost.Add(generation);
            }
        }

        lost.ForEach(losses.Lost);
    }

    /// <summary>The node is no more.</summary>
    public void Forget(long source)
    {
        lock (_lock)
            _sources.Remove(source);
    }

    private LinkSource? Find(long generation)
    {
        if (_sources.TryGetValue(generation, out var source))
            return source;
        if (_sources.Count >= MaxSources)
            return null;
        return _sources[generation] = new LinkSource(time.GetTimestamp());
    }

    private bool IsSilent(LinkSource source) => Since(source.BeatAt) > SilenceLimit;

    private TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);
}
