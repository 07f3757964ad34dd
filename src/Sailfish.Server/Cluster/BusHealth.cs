namespace Sailfish.Server.Cluster;

/// <summary>Whether frames get through, as far as a node can tell by itself.</summary>
internal enum BusHealth
{
    /// <summary>Not connected, or it does not answer. What is sent is dropped; the log has it.</summary>
    Away,

    /// <summary>Connected, and the node's own channels are listened to.</summary>
    Up,
}
