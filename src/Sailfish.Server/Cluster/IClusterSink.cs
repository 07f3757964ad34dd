using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Takes what other nodes tell this one. No call may wait or throw. Messages, places and controls come one call at a time, in
/// the order in which each node sent them.
/// </summary>
internal interface IClusterSink
{
    /// <summary>Messages that another node committed and that somebody here may want.</summary>
    /// <param name="messages">Used again after the call.</param>
    void Messages(IReadOnlyList<MessageItem> messages);

    /// <summary>The same, but to be read from the log.</summary>
    /// <param name="places">Used again after the call.</param>
    void Places(IReadOnlyList<PlaceItem> places);

    /// <summary>Something to do or to tell; may come twice.</summary>
    void Control(ControlItem control);

    /// <summary>
    /// Something that a node told may not have come: the log is to be read. Comes from any thread and as often as it is noticed; many
    /// calls may be one repair.
    /// </summary>
    /// <param name="source">The node's generation; 0 when it is not known.</param>
    void Missed(long source);

    /// <summary>From any thread. While the bus is away, the log is to be read again and again; once more when it is up.</summary>
    void HealthChanged(BusHealth health);
}
