using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Numbers frames and hands them to the bus, both at once, so that they go in the order of their numbers. Nothing here waits.
/// </summary>
internal sealed class ClusterSender(long generation, IClusterBus bus)
{
    private readonly Lock _lock = new();
    private readonly LinkCounters _links = new();

    /// <summary>What the bus carries at most.</summary>
    public int MaxFrameBytes => bus.MaxFrameBytes;

    /// <summary>Up to here messages travel whole.</summary>
    public int MaxMessageBytes => bus.MaxMessageBytes;

    /// <summary>False when it was dropped; the node will miss it by its number.</summary>
    /// <param name="node">Which gets it.</param>
    /// <param name="frame">What it gets.</param>
    /// <param name="isMore">A <see cref="Flush"/> follows.</param>
    public bool Send<T>(long node, FrameWriter<T> frame, bool isMore = false)
        where T : IFrameItem<T>
    {
        var bytes = frame.ToFrame(generation);
        lock (_lock)
        {
            FrameHeader.SetLink(bytes, _links.Next(node));
            return bus.TrySend(node, bytes, isMore);
        }
    }

    /// <summary>To all other nodes.</summary>
    public bool Broadcast<T>(FrameWriter<T> frame, bool isMore = false)
        where T : IFrameItem<T>
    {
        var bytes = frame.ToFrame(generation, FrameFlags.ToAll);
        lock (_lock)
            return SendToAll(bytes, isMore);
    }

    /// <inheritdoc cref="IClusterBus.Flush"/>
    public void Flush() => bus.Flush();

    /// <summary>Sends one item alone; false also when it is larger than a frame may be.</summary>
    public bool SendOne<T>(long node, in T item)
        where T : IFrameItem<T>
    {
        var frame = new FrameWriter<T>(MaxFrameBytes);
        return frame.TryAdd(item) && Send(node, frame);
    }

    /// <summary>The same to all other nodes.</summary>
    public bool BroadcastOne<T>(in T item)
        where T : IFrameItem<T>
    {
        var frame = new FrameWriter<T>(MaxFrameBytes);
        return frame.TryAdd(item) && Broadcast(frame);
    }

    /// <summary>Tells all how many frames each was sent.</summary>
    public void Beat(bool isDatabaseOk)
    {
        var flags = FrameFlags.ToAll | (isDatabaseOk ? FrameFlags.DatabaseOk : FrameFlags.None);
        var frame = new FrameWriter<LinkCount>(MaxMessageBytes);
        lock (_lock)
        {
            foreach (var link in _links.ToNodes())
            {
                if (frame.TryAdd(link))
                    continue;
                SendToAll(frame.ToFrame(generation, flags));
                frame.Clear();
                frame.TryAdd(link);
            }

            SendToAll(frame.ToFrame(generation, flags));
        }
    }

    /// <summary>The node is no more.</summary>
    public void Forget(long node)
    {
        lock (_lock)
            _links.Forget(node);
    }

    private bool SendToAll(byte[] frame, bool isMore = false)
    {
        FrameHeader.SetLink(frame, _links.NextToAll());
        return bus.TryBroadcast(frame, isMore);
    }
}
