namespace Sailfish.Media;

/// <summary>Whole numbers of three bytes, big-endian: lengths and times of RTMP and FLV.</summary>
internal static class UInt24
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 3;

    /// <summary>2^24 − 1.</summary>
    public const int MaxValue = 0xFF_FFFF;

    public static int Read(ReadOnlySpan<byte> source) => (source[0] << 16) | (source[1] << 8) | source[2];

    public static void Write(Span<byte> destination, int value)
    {
        destination[0] = (byte)(value >> 16);
        destination[1] = (byte)(value >> 8);
        destination[2] = (byte)value;
    }
}
