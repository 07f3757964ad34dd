using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Sailfish.Media.Amf;

/// <summary>
/// Writes AMF0 values one after another (AMF0 specification, section 2). Who writes an object writes
/// <see cref="WriteObjectStart"/>, each time <see cref="WriteName"/> and a value, and <see cref="WriteObjectEnd"/>.
/// </summary>
public readonly ref struct Amf0Writer
{
    private readonly IBufferWriter<byte> _output;

    /// <summary>Writes to <paramref name="output"/>.</summary>
    public Amf0Writer(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>Writes a number.</summary>
    public void WriteNumber(double value) => WriteDouble(AmfMarker.Number, value);

    /// <summary>Writes true or false.</summary>
    public void WriteBoolean(bool value)
    {
        WriteByte(AmfMarker.Boolean);
        WriteByte(value ? (byte)1 : (byte)0);
    }

    /// <summary>Writes a string: a short one up to 65,535 bytes of UTF-8, else a long one.</summary>
    public void WriteString(string value) => WriteString(Encoding.UTF8.GetBytes(value).AsSpan());

    /// <summary>Writes a string that is UTF-8 already.</summary>
    public void WriteString(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > ushort.MaxValue)
        {
            WriteByte(AmfMarker.LongString);
            WriteCount((uint)utf8.Length);
            _output.Write(utf8);
            return;
        }

        WriteByte(AmfMarker.String);
        WriteName(utf8);
    }

    /// <summary>Writes null.</summary>
    public void WriteNull() => WriteByte(AmfMarker.Null);

    /// <summary>Writes undefined.</summary>
    public void WriteUndefined() => WriteByte(AmfMarker.Undefined);

    /// <summary>Writes a date: milliseconds since 1970 in UTC.</summary>
    public void WriteDate(double milliseconds)
    {
        WriteDouble(AmfMarker.Date, milliseconds);
        // The time zone, which is to be 0 (section 2.13).
        WriteByte(0);
        WriteByte(0);
    }

    /// <summary>Begins an object.</summary>
    public void WriteObjectStart() => WriteByte(AmfMarker.Object);

    /// <summary>Begins an ECMA array, which ends as an object does; <paramref name="count"/> is how many names it will have.</summary>
    public void WriteEcmaArrayStart(int count) => WriteArrayStart(AmfMarker.EcmaArray, count);

    /// <summary>Begins a strict array; it ends with its last value.</summary>
    public void WriteStrictArrayStart(int count) => WriteArrayStart(AmfMarker.StrictArray, count);

    /// <summary>Writes the name of the value that comes next: 65,535 bytes of UTF-8 at most.</summary>
    public void WriteName(ReadOnlySpan<byte> utf8)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(utf8.Length, ushort.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(_output.GetSpan(sizeof(ushort)), (ushort)utf8.Length);
        _output.Advance(sizeof(ushort));
        _output.Write(utf8);
    }

    /// <summary>Ends an object or an ECMA array (section 2.11).</summary>
    public void WriteObjectEnd()
    {
        WriteName([]);
        WriteByte(AmfMarker.ObjectEnd);
    }

    private void WriteArrayStart(byte marker, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        WriteByte(marker);
        WriteCount((uint)count);
    }

    private void WriteDouble(byte marker, double value)
    {
        WriteByte(marker);
        BinaryPrimitives.WriteDoubleBigEndian(_output.GetSpan(sizeof(double)), value);
        _output.Advance(sizeof(double));
    }

    private void WriteCount(uint count)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_output.GetSpan(sizeof(uint)), count);
        _output.Advance(sizeof(uint));
    }

    private void WriteByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }
}
