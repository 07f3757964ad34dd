using System.Buffers.Binary;

namespace Sailfish.Media.Flv;

/// <summary>H.264's sequence header, an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, section 5.3.3.1).</summary>
public static class AvcConfig
{
    /// <summary>Bytes before the first parameter set: version, profile, compatibility, level, size of lengths, count of sets.</summary>
    private const int HeadSize = 6;

    /// <summary>
    /// Reads the size of the pictures, cropped as they are shown, from the first sequence parameter set. False when there is
    /// none or it cannot be read. Never throws.
    /// </summary>
    public static bool TryReadSize(ReadOnlySpan<byte> avcC, out VideoSize size)
    {
        size = default;
        return TryReadFirstSet(avcC, out var set) && SequenceParameterSet.TryReadSize(set, out size);
    }

    private static bool TryReadFirstSet(ReadOnlySpan<byte> avcC, out ReadOnlySpan<byte> set)
    {
        set = default;
        if (avcC.Length < HeadSize + sizeof(ushort) || avcC[0] != 1 || (avcC[HeadSize - 1] & 0x1F) == 0)
            return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(avcC[HeadSize..]);
        var rest = avcC[(HeadSize + sizeof(ushort))..];
        if (length > rest.Length)
            return false;
        set = rest[..length];
        return true;
    }
}
