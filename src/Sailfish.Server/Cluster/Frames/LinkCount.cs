namespace Sailfish.Server.Cluster.Frames;

/// <summary>How many frames the sender of a heartbeat has sent to one node: <c>node i64, count i64</c>.</summary>
/// <param name="Node">The node's generation.</param>
/// <param name="Count">The number of the last frame, also where it could not be sent.</param>
internal readonly record struct LinkCount(long Node, long Count) : IFrameItem<LinkCount>
{
    public static FrameKind Kind => FrameKind.Heartbeat;

    public int Size => 8 + 8;

    public void Write(ref FieldWriter fields)
    {
        fields.Int64(Node);
        fields.Int64(Count);
    }

    public static LinkCount Read(ref FieldReader fields) => new(fields.Positive(), fields.Positive());
}
