namespace Sailfish.Server.Cluster;

/// <summary>Hears what the watch of the links notices. Calls must not wait.</summary>
internal interface ILossSink
{
    /// <summary>Frames to this node are missing.</summary>
    /// <param name="source">The generation of the node whose frames they were; 0 when it is not known.</param>
    void Lost(long source);

    /// <summary>A node is heard whose frames are counted from now on; whether all came before, nobody knows.</summary>
    void FirstHeard(long source);
}
