using System.Buffers.Binary;

namespace Sailfish.Media.Flv;

/// <summary>Names of codecs of four letters (E-RTMP v2, "Enhanced Video" and "Enhanced Audio"), as big-endian numbers.</summary>
internal static class FourCc
{
    /// <summary>Bytes of one.</summary>
    public const int Size = sizeof(uint);

    public const uint Avc1 = 0x61766331;
    public const uint Mp4a = 0x6D703461;
    private const uint Hvc1 = 0x68766331;
    private const uint Av01 = 0x61763031;
    private const uint Vp08 = 0x76703038;
    private const uint Vp09 = 0x76703039;
    private const uint Mp3 = 0x2E6D7033;
    private const uint Opus = 0x4F707573;
    private const uint Ac3 = 0x61632D33;
    private const uint Eac3 = 0x65632D33;
    private const uint Flac = 0x664C6143;

    public static uint Read(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadUInt32BigEndian(source);

    /// <summary>The codec; a name of sound does not stand for pictures, nor the other way.</summary>
    public static MediaCodec ToCodec(TagKind kind, uint name) => kind == TagKind.Video ? ToVideo(name) : ToAudio(name);

    private static MediaCodec ToVideo(uint name) => name switch
    {
        Avc1 => MediaCodec.H264,
        Hvc1 => MediaCodec.Hevc,
        Av01 => MediaCodec.Av1,
        Vp08 => MediaCodec.Vp8,
        Vp09 => MediaCodec.Vp9,
        _ => MediaCodec.Unknown,
    };

    private static MediaCodec ToAudio(uint name) => name switch
    {
        Mp4a => MediaCodec.Aac,
        Mp3 => MediaCodec.Mp3,
        Opus => MediaCodec.Opus,
        Ac3 => MediaCodec.Ac3,
        Eac3 => MediaCodec.Eac3,
        Flac => MediaCodec.Flac,
        _ => MediaCodec.Unknown,
    };
}
