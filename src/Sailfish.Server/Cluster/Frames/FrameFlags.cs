namespace Sailfish.Server.Cluster.Frames;

/// <summary>What a frame's header says beside its numbers; unknown ones are ignored.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>It went to all nodes, and its link number counts those frames; else it counts those to the receiver alone.</summary>
    ToAll = 1,

    /// <summary>Of a heartbeat: the node reaches the database.</summary>
    DatabaseOk = 2,
}
