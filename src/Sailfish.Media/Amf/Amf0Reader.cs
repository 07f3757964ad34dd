using System.Buffers.Binary;
using System.Text;

namespace Sailfish.Media.Amf;

/// <summary>
/// Reads AMF0 values one after another: <c>marker u8 | value</c> (AMF0 specification, section 2). Nothing is allocated but the
/// strings that are asked for. Every method throws <see cref="MediaFormatException"/> when the bytes end early, or hold another
/// kind than is asked for or one that is not in <see cref="AmfKind"/> (references, typed objects, XML, AMF3).
/// </summary>
public ref struct Amf0Reader
{
    /// <summary>How deep objects and arrays may stand in each other in a value that is passed over.</summary>
    public const int MaxDepth = 8;

    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads from the first byte of <paramref name="data"/> on.</summary>
    public Amf0Reader(ReadOnlySpan<byte> data)
    {
        _rest = data;
    }

    /// <summary>Whether all bytes are read.</summary>
    public readonly bool IsEnd => _rest.IsEmpty;

    /// <summary>The kind of the next value, which is not moved past.</summary>
    public readonly AmfKind Peek() => (_rest.IsEmpty ? throw Short() : _rest[0]) switch
    {
        AmfMarker.Number => AmfKind.Number,
        AmfMarker.Boolean => AmfKind.Boolean,
        AmfMarker.String or AmfMarker.LongString => AmfKind.String,
        AmfMarker.Object => AmfKind.Object,
        AmfMarker.Null => AmfKind.Null,
        AmfMarker.Undefined => AmfKind.Undefined,
        AmfMarker.EcmaArray => AmfKind.EcmaArray,
        AmfMarker.StrictArray => AmfKind.StrictArray,
        AmfMarker.Date => AmfKind.Date,
        _ => throw new MediaFormatException("AMF: a value of a kind that is not taken."),
    };

    /// <summary>Reads a number.</summary>
    public double ReadNumber()
    {
        Expect(AmfKind.Number);
        return BinaryPrimitives.ReadDoubleBigEndian(Take(1 + sizeof(double))[1..]);
    }

    /// <summary>Reads true or false; any byte but 0 is true (section 2.3).</summary>
    public bool ReadBoolean()
    {
        Expect(AmfKind.Boolean);
        return Take(2)[1] != 0;
    }

    /// <summary>Reads a short or long string; what is no UTF-8 in it becomes U+FFFD.</summary>
    public string ReadString() => Encoding.UTF8.GetString(ReadStringBytes());

    /// <summary>Reads a short or long string as its bytes stand.</summary>
    public ReadOnlySpan<byte> ReadStringBytes()
    {
        Expect(AmfKind.String);
        return Take(1)[0] == AmfMarker.String ? ReadShort() : TakeCounted(BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint))));
    }

    /// <summary>Reads the beginning of an object or an ECMA array; <see cref="ReadName"/> goes on.</summary>
    public void ReadObjectStart()
    {
        if (Peek() == AmfKind.EcmaArray)
            Take(1 + sizeof(uint));
        else
            ReadMarker(AmfKind.Object);
    }

    /// <summary>
    /// Reads the next name of an object, whose value is to be read or skipped then; false at the object's end, which is moved
    /// past (sections 2.5 and 2.11).
    /// </summary>
    public bool ReadName(out ReadOnlySpan<byte> name)
    {
        name = ReadShort();
        if (!name.IsEmpty || _rest.IsEmpty || _rest[0] != AmfMarker.ObjectEnd)
            return true;
        Take(1);
        return false;
    }

    /// <summary>Reads the beginning of a strict array: how many values follow. No more than bytes that are left.</summary>
    public int ReadArrayStart()
    {
        ReadMarker(AmfKind.StrictArray);
        var count = BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));
        // A value has a byte at least.
        return count <= _rest.Length ? (int)count : throw Short();
    }

    /// <summary>Passes over a value, with all that is in it to a depth of <see cref="MaxDepth"/>.</summary>
    public void Skip() => Skip(0);

    private void Skip(int depth)
    {
        switch (Peek())
        {
            case AmfKind.Number:
                Take(1 + sizeof(double));
                break;
            case AmfKind.Boolean:
                Take(2);
                break;
            case AmfKind.String:
                ReadStringBytes();
                break;
            case AmfKind.Date:
                // Behind the milliseconds stands a time zone of two bytes, which is to be 0.
                Take(1 + sizeof(double) + sizeof(short));
                break;
            case AmfKind.Object or AmfKind.EcmaArray:
                SkipObject(Deeper(depth));
                break;
            case AmfKind.StrictArray:
                SkipArray(Deeper(depth));
                break;
            default:
                Take(1);
                break;
        }
    }

    private void SkipObject(int depth)
    {
        ReadObjectStart();
        while (ReadName(out _))
            Skip(depth);
    }

    private void SkipArray(int depth)
    {
        for (var left = ReadArrayStart(); left > 0; left--)
            Skip(depth);
    }

    private static int Deeper(int depth) => depth < MaxDepth ? depth + 1 : throw new MediaFormatException($"AMF: objects stand in each other more than {MaxDepth} deep.");

    private void ReadMarker(AmfKind kind)
    {
        Expect(kind);
        Take(1);
    }

    private readonly void Expect(AmfKind kind)
    {
        if (Peek() != kind)
            throw new MediaFormatException($"AMF: a value is no {kind}.");
    }

    private ReadOnlySpan<byte> ReadShort() => Take(BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort))));

    private ReadOnlySpan<byte> TakeCounted(uint count) => count <= _rest.Length ? Take((int)count) : throw Short();

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw Short();
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static MediaFormatException Short() => new("AMF: the bytes end within a value.");
}
