namespace Sailfish.Server.Cluster.Frames;

/// <summary>
/// A frame that grows by items until it is full; what no longer fits goes into the next one. One frame can be sent to several
/// nodes.
/// </summary>
/// <param name="maxBytes">What the bus carries at most, header included.</param>
internal sealed class FrameWriter<T>(int maxBytes)
    where T : IFrameItem<T>
{
    private const int FirstBytes = 512;

    private byte[] _bytes = new byte[Math.Min(maxBytes, FirstBytes)];
    private int _length = FrameHeader.Size;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>False when it does not fit; into an empty frame never, then.</summary>
    public bool TryAdd(in T item)
    {
        var size = item.Size;
        if (Count == ushort.MaxValue || size > maxBytes - _length)
            return false;
        if (_bytes.Length - _length < size)
            Array.Resize(ref _bytes, Math.Min(maxBytes, Math.Max(_bytes.Length * 2, _length + size)));
        var fields = new FieldWriter(_bytes.AsSpan(_length, size));
        item.Write(ref fields);
        _length += size;
        Count++;
        return true;
    }

    /// <summary>The frame, its link number still to come (<see cref="FrameHeader.SetLink"/>). The writer may go on.</summary>
    public byte[] ToFrame(long source, FrameFlags flags = FrameFlags.None)
    {
        var frame = _bytes.AsSpan(0, _length).ToArray();
        new FrameHeader(T.Kind, flags, source, Link: 0, Count).Write(frame);
        return frame;
    }

    public void Clear()
    {
        _length = FrameHeader.Size;
        Count = 0;
    }
}
