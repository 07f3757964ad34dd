namespace Sailfish.Server.Cluster.Frames;

/// <summary>Reads frames of other nodes. A frame that lies is refused as a whole; nothing throws.</summary>
internal static class FrameReader
{
    /// <summary>Whether it is a frame at all, and what its header says. Its kind may be one that nobody here knows.</summary>
    public static FrameFault ReadHeader(ReadOnlySpan<byte> frame, out FrameHeader header)
    {
        header = default;
        if (frame.Length < FrameHeader.Size)
            return FrameFault.TooShort;
        if (frame.Length > FrameHeader.MaxFrameBytes)
            return FrameFault.TooLong;
        var fields = new FieldReader(frame);
        if (fields.Byte() != FrameHeader.Magic)
            return FrameFault.BadMagic;
        if (fields.Byte() != FrameHeader.Version)
            return FrameFault.OtherVersion;
        var read = new FrameHeader((FrameKind)fields.Byte(), (FrameFlags)fields.Byte(), fields.Positive(), fields.Positive(), fields.UInt16());
        if (fields.Fault == FrameFault.None)
            header = read;
        return fields.Fault;
    }

    /// <summary>The items of a frame of their kind, all of them or none.</summary>
    public static FrameFault ReadItems<T>(ReadOnlySpan<byte> frame, in FrameHeader header, List<T> items)
        where T : IFrameItem<T>
    {
        items.Clear();
        var fields = new FieldReader(frame[FrameHeader.Size..]);
        for (var i = 0; i < header.Count; i++)
        {
            var item = T.Read(ref fields);
            if (fields.Fault != FrameFault.None)
            {
                items.Clear();
                return fields.Fault;
            }

            items.Add(item);
        }

        return FrameFault.None;
    }
}
