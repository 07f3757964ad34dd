using System.Buffers.Binary;
using System.Text;

namespace Sailfish.Server.Cluster.Frames;

/// <summary>Writes the fields of an item one after the other, big-endian, where there is room for all of them.</summary>
internal ref struct FieldWriter(Span<byte> destination)
{
    private Span<byte> _left = destination;

    public void Byte(byte value)
    {
        _left[0] = value;
        _left = _left[1..];
    }

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_left, value);
        _left = _left[2..];
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_left, value);
        _left = _left[4..];
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_left, value);
        _left = _left[8..];
    }

    /// <summary>Length i32, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        bytes.CopyTo(_left);
        _left = _left[bytes.Length..];
    }

    /// <summary>Length i32 in bytes, then UTF-8.</summary>
    public void Text(string text)
    {
        var length = Encoding.UTF8.GetBytes(text, _left[4..]);
        Int32(length);
        _left = _left[length..];
    }

    /// <summary>What <see cref="Bytes"/> takes.</summary>
    public static int SizeOf(ReadOnlyMemory<byte> bytes) => 4 + bytes.Length;

    /// <summary>What <see cref="Text"/> takes.</summary>
    public static int SizeOf(string text) => 4 + Encoding.UTF8.GetByteCount(text);
}
