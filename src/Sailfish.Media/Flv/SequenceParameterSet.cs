namespace Sailfish.Media.Flv;

/// <summary>H.264's sequence parameter set (ITU-T H.264, section 7.3.2.1.1), as far as the size of the pictures.</summary>
internal static class SequenceParameterSet
{
    private const int NalType = 7;

    /// <summary>4:4:4, where each colour may be a picture of its own.</summary>
    private const uint FullChroma = 3;

    /// <summary>Pixels of a macroblock's side.</summary>
    private const long Block = 16;

    /// <summary>The most that num_ref_frames_in_pic_order_cnt_cycle may be (section 7.4.2.1.1).</summary>
    private const uint MaxOrderCycle = 255;

    /// <summary>Profiles whose sets tell of chroma, depth and scaling.</summary>
    private static ReadOnlySpan<byte> HighProfiles => [100, 110, 122, 244, 44, 83, 86, 118, 128, 134, 135, 138, 139];

    public static bool TryReadSize(ReadOnlySpan<byte> nal, out VideoSize size)
    {
        size = default;
        if (nal.Length < 4 || (nal[0] & 0x1F) != NalType)
            return false;
        var profile = nal[1];
        // Behind the NAL's own byte: profile, constraints, level.
        var bits = new BitReader(nal[4..]);
        bits.ReadUnsigned();
        var chroma = HighProfiles.Contains(profile) ? ReadHighProfile(ref bits) : 1;
        SkipOrder(ref bits);
        return TryReadPicture(ref bits, chroma, out size);
    }

    /// <summary>Returns chroma_array_type: 0 (none, or colours as pictures of their own) to 3.</summary>
    private static uint ReadHighProfile(ref BitReader bits)
    {
        var chroma = bits.ReadUnsigned();
        var isSeparate = chroma == FullChroma && bits.ReadBit();
        bits.ReadUnsigned();
        bits.ReadUnsigned();
        bits.ReadBit();
        if (bits.ReadBit())
            SkipScaling(ref bits, chroma == FullChroma ? 12 : 8);
        return isSeparate ? 0 : chroma;
    }

    private static void SkipScaling(ref BitReader bits, int lists)
    {
        for (var list = 0; list < lists; list++)
        {
            if (bits.ReadBit())
                SkipScalingList(ref bits, list < 6 ? 16 : 64);
        }
    }

    /// <summary>Section 7.3.2.1.1.1: a list ends in its middle where the next scale would be 0.</summary>
    private static void SkipScalingList(ref BitReader bits, int length)
    {
        var next = 8;
        for (var last = 8; length > 0 && next != 0; length--)
        {
            next = (last + bits.ReadSigned()) & 0xFF;
            last = next;
        }
    }

    /// <summary>What stands between the profile's fields and the size: numbers and order of frames.</summary>
    private static void SkipOrder(ref BitReader bits)
    {
        bits.ReadUnsigned();
        switch (bits.ReadUnsigned())
        {
            case 0:
                bits.ReadUnsigned();
                break;
            case 1:
                SkipOrderCycle(ref bits);
                break;
            default:
                break;
        }

        bits.ReadUnsigned();
        bits.ReadBit();
    }

    private static void SkipOrderCycle(ref BitReader bits)
    {
        bits.ReadBit();
        bits.ReadSigned();
        bits.ReadSigned();
        for (var left = Math.Min(bits.ReadUnsigned(), MaxOrderCycle); left > 0; left--)
            bits.ReadSigned();
    }

    private static bool TryReadPicture(ref BitReader bits, uint chroma, out VideoSize size)
    {
        var width = (bits.ReadUnsigned() + 1L) * Block;
        var height = (bits.ReadUnsigned() + 1L) * Block;
        // Of interlaced pictures the height is that of a field.
        var fields = bits.ReadBit() ? 1 : 2;
        if (fields == 2)
            bits.ReadBit();
        bits.ReadBit();
        height *= fields;
        if (bits.ReadBit())
        {
            // In units of chroma samples: of pairs of pixels, where chroma is halved (table 6-1).
            width -= (bits.ReadUnsigned() + (long)bits.ReadUnsigned()) * (chroma is 1 or 2 ? 2 : 1);
            height -= (bits.ReadUnsigned() + (long)bits.ReadUnsigned()) * (chroma == 1 ? 2 : 1) * fields;
        }

        var isGood = !bits.IsBroken && width is >= 1 and <= VideoSize.Max && height is >= 1 and <= VideoSize.Max;
        size = isGood ? new VideoSize((int)width, (int)height) : default;
        return isGood;
    }
}
