namespace Sailfish.Server.Cluster;

/// <summary>
/// Carries frames between the nodes of a cluster, for one generation of this node. It is a doorbell: what it carries is
/// in the log, or can be done without. It may lose frames, all of those that wait when it goes away among them; the numbers
/// of the links (<see cref="LinkCounters"/>) tell that. What comes goes to the <see cref="IBusReceiver"/> that it was made
/// with.
/// </summary>
internal interface IClusterBus : IAsyncDisposable
{
    BusHealth Health { get; }

    /// <summary>The most bytes of a frame.</summary>
    int MaxFrameBytes { get; }

    /// <summary>Up to here messages travel whole; beyond it, it is cheaper to say where in the log they are.</summary>
    int MaxMessageBytes { get; }

    /// <summary>Connects, and connects again whenever it is away, until it is disposed. Returns at once.</summary>
    void Start();

    /// <summary>
    /// Hands a frame over, in the order of the calls. Never waits: false when it is dropped, which is counted. With true it
    /// may still be lost.
    /// </summary>
    /// <param name="node">The generation of the node that gets it.</param>
    /// <param name="frame">Not changed by anybody from now on.</param>
    /// <param name="isMore">A <see cref="Flush"/> follows.</param>
    bool TrySend(long node, ReadOnlyMemory<byte> frame, bool isMore = false);

    /// <summary>The same to all nodes but this one.</summary>
    bool TryBroadcast(ReadOnlyMemory<byte> frame, bool isMore = false);

    /// <summary>
    /// Sends what more was to follow, in this thread as far as nothing is waited for. To be called without any lock: what becomes
    /// of the bus may be told in it.
    /// </summary>
    void Flush();
}
