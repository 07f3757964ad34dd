namespace Sailfish.Server.Cluster;

/// <summary>Makes the bus that the settings name.</summary>
internal interface IClusterBusFactory
{
    /// <param name="generation">Of this node, whose channel the bus listens to.</param>
    /// <param name="receiver">Takes what comes.</param>
    IClusterBus Create(long generation, IBusReceiver receiver);
}
