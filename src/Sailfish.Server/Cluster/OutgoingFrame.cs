namespace Sailfish.Server.Cluster;

/// <summary>A frame that waits to be sent.</summary>
/// <param name="Node">The generation of the node that gets it; 0 for all.</param>
/// <param name="Bytes">The frame.</param>
internal readonly record struct OutgoingFrame(long Node, ReadOnlyMemory<byte> Bytes)
{
    public const long ToAll = 0;

    /// <summary>A bus's own look whether the server still answers.</summary>
    public bool IsPing => Bytes.IsEmpty;
}
