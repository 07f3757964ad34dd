namespace Sailfish.Tests.Media.Flv;

/// <summary>Bits of a parameter set, written as ITU-T H.264, section 9.1, says.</summary>
internal sealed class BitWriter
{
    private readonly List<bool> _bits = [];

    public BitWriter Bits(int count, uint value)
    {
        for (var bit = count - 1; bit >= 0; bit--)
            _bits.Add(((value >> bit) & 1) != 0);
        return this;
    }

    public BitWriter Bit(bool value) => Bits(1, value ? 1u : 0u);

    public BitWriter Unsigned(uint value)
    {
        var length = 64 - System.Numerics.BitOperations.LeadingZeroCount(value + 1UL);
        Bits(length - 1, 0);
        for (var bit = length - 1; bit >= 0; bit--)
            _bits.Add((((value + 1UL) >> bit) & 1) != 0);
        return this;
    }

    public BitWriter Signed(int value) => Unsigned(value > 0 ? ((uint)value * 2) - 1 : (uint)-value * 2);

    /// <summary>The bits and the 1 that ends them, in bytes, with a 3 wherever two zeros would look like a start code (section 7.4.1.1).</summary>
    public byte[] ToNal(params byte[] head)
    {
        List<bool> all = [.. _bits, true];
        while (all.Count % 8 != 0)
            all.Add(false);
        List<byte> nal = [.. head];
        var zeros = 0;
        foreach (var bits in all.Chunk(8))
        {
            var value = bits.Aggregate(0, (sum, bit) => (sum << 1) | (bit ? 1 : 0));
            if (zeros >= 2 && value <= 3)
            {
                nal.Add(3);
                zeros = 0;
            }

            nal.Add((byte)value);
            zeros = value == 0 ? zeros + 1 : 0;
        }

        return [.. nal];
    }
}
