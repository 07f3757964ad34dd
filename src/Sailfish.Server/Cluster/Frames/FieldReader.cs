using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Sailfish.Server.Cluster.Frames;

/// <summary>
/// Reads the fields of items one after the other, big-endian. It never throws: the first fault stays, and after it every
/// field is empty, so that an item is read in one go and judged once.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _left = source;

    public FrameFault Fault { get; private set; }

    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public int UInt16() => Take(2) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : 0;

    public int Int32() => Take(4) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt32BigEndian(bytes) : 0;

    public long Int64() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt64BigEndian(bytes) : 0;

    /// <summary>A number that begins at 1, such as a seq.</summary>
    public long Positive()
    {
        var value = Int64();
        Demand(value > 0);
        return value;
    }

    /// <summary>Length i32, then so many bytes. They belong to the frame.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Int32();
        Demand(length >= 0);
        return Take(length);
    }

    /// <summary>Length i32 in bytes, then UTF-8.</summary>
    public string Text()
    {
        var bytes = Bytes();
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        Fail(FrameFault.BadText);
        return "";
    }

    /// <summary>What no sender writes makes the item bad.</summary>
    public void Demand(bool isTrue)
    {
        if (!isTrue)
            Fail(FrameFault.BadValue);
    }

    /// <summary>The first fault stays.</summary>
    public void Fail(FrameFault fault)
    {
        if (Fault == FrameFault.None)
            Fault = fault;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_left.Length < length)
            Fail(FrameFault.Truncated);
        if (Fault != FrameFault.None)
            return [];
        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}
