namespace Sailfish.Media.Flv;

/// <summary>
/// The bits of a NAL unit, without the bytes that keep it from looking like a start code (ITU-T H.264, section 7.4.1.1). Beyond
/// the end all bits are 0 and <see cref="IsBroken"/> is true, so that who reads asks once, when all is read.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> nal)
{
    /// <summary>The most zeros before a number that fits 32 bits.</summary>
    private const int MaxZeros = 31;

    private readonly ReadOnlySpan<byte> _nal = nal;
    private int _next;
    private int _zeros;
    private byte _byte;
    private int _bitsLeft;

    /// <summary>Whether more was read than there is, or a number that is none.</summary>
    public bool IsBroken { get; private set; }

    public bool ReadBit()
    {
        if (_bitsLeft == 0)
            ReadByte();
        _bitsLeft--;
        return ((_byte >> _bitsLeft) & 1) != 0;
    }

    /// <summary>ue(v) (section 9.1): as many bits behind a 1 as zeros stand before it.</summary>
    public uint ReadUnsigned()
    {
        var zeros = 0;
        while (!IsBroken && !ReadBit())
            zeros++;
        if (zeros > MaxZeros)
            IsBroken = true;
        if (IsBroken)
            return 0;
        var value = 1u;
        for (; zeros > 0; zeros--)
            value = (value << 1) | (ReadBit() ? 1u : 0u);
        return value - 1;
    }

    /// <summary>se(v) (section 9.1.1): 0, 1, −1, 2, −2 and so on.</summary>
    public int ReadSigned()
    {
        var value = ReadUnsigned();
        return (value & 1) != 0 ? (int)((value >> 1) + 1) : -(int)(value >> 1);
    }

    private void ReadByte()
    {
        // Two zeros and a 3: the 3 is none of the data.
        if (_zeros >= 2 && _next < _nal.Length && _nal[_next] == 3)
        {
            _next++;
            _zeros = 0;
        }

        IsBroken |= _next >= _nal.Length;
        _byte = IsBroken ? (byte)0 : _nal[_next++];
        _zeros = _byte == 0 ? _zeros + 1 : 0;
        _bitsLeft = 8;
    }
}
