using System.Buffers.Binary;

namespace Sailfish.Server.Cluster.Frames;

/// <summary>
/// What stands before the items of a frame between nodes, big-endian:
/// <c>F5 | version u8 | kind u8 | flags u8 | source i64 | link i64 | count u16</c>. Bytes after the last item are a newer
/// version's, and are skipped.
/// </summary>
/// <param name="Kind">What the items are.</param>
/// <param name="Flags">What else it says.</param>
/// <param name="Source">The generation of the node that sent it.</param>
/// <param name="Link">The number of the frame among those from this source to this receiver, or to all: 1, 2, 3…</param>
/// <param name="Count">How many items follow.</param>
internal readonly record struct FrameHeader(FrameKind Kind, FrameFlags Flags, long Source, long Link, int Count)
{
    public const byte Magic = 0xF5;
    public const byte Version = 1;

    /// <summary>4 single bytes, 8 (source), 8 (link), 2 (count).</summary>
    public const int Size = 4 + 8 + 8 + 2;

    /// <summary>The most bytes of a frame, header included.</summary>
    public const int MaxFrameBytes = 256 * 1024;

    private const int LinkOffset = 4 + 8;

    public bool IsToAll => Flags.HasFlag(FrameFlags.ToAll);

    /// <summary>Puts the number in at the last moment, when it is known that the frame goes next.</summary>
    public static void SetLink(Span<byte> frame, long link) => BinaryPrimitives.WriteInt64BigEndian(frame[LinkOffset..], link);

    public void Write(Span<byte> destination)
    {
        var fields = new FieldWriter(destination);
        fields.Byte(Magic);
        fields.Byte(Version);
        fields.Byte((byte)Kind);
        fields.Byte((byte)Flags);
        fields.Int64(Source);
        fields.Int64(Link);
        fields.UInt16((ushort)Count);
    }
}
