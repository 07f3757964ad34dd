namespace Sailfish.Media.Flv;

/// <summary>How large pictures are.</summary>
/// <param name="Width">Pixels, 1 to <see cref="Max"/>.</param>
/// <param name="Height">Pixels, 1 to <see cref="Max"/>.</param>
public readonly record struct VideoSize(int Width, int Height)
{
    /// <summary>The largest width or height that is believed, in pixels; level 6.2 of H.264 ends at 16,888.</summary>
    public const int Max = 16_384;

    /// <summary>
    /// Reads the size from a tag's body, of which <paramref name="info"/> was read. False: it is not H.264's sequence header, or not
    /// readable. Never throws.
    /// </summary>
    public static bool TryRead(in TagInfo info, ReadOnlySpan<byte> body, out VideoSize size)
    {
        size = default;
        return info is { Codec: MediaCodec.H264, IsHeader: true, IsMultitrack: false }
            && info.PayloadOffset <= body.Length
            && AvcConfig.TryReadSize(body[info.PayloadOffset..], out size);
    }
}
