namespace Sailfish.Media.Flv;

/// <summary>Codecs that tags tell of, by number (FLV 10.1 specification, sections E.4.2.1 and E.4.3.1) or by FourCC (E-RTMP v2).</summary>
public enum MediaCodec : byte
{
    /// <summary>None that is known here: of scripts, of commands, and of what browsers do not play (H.263, VP6, Speex, PCM and so on).</summary>
    Unknown,

    /// <summary>H.264: number 7 or <c>avc1</c>.</summary>
    H264,

    /// <summary>H.265: <c>hvc1</c>, or the number 12 that no specification has and many encoders send.</summary>
    Hevc,

    /// <summary>AV1: <c>av01</c>.</summary>
    Av1,

    /// <summary>VP8: <c>vp08</c>.</summary>
    Vp8,

    /// <summary>VP9: <c>vp09</c>.</summary>
    Vp9,

    /// <summary>AAC: number 10 or <c>mp4a</c>.</summary>
    Aac,

    /// <summary>MP3: numbers 2 and 14, or <c>.mp3</c>.</summary>
    Mp3,

    /// <summary>Opus: <c>Opus</c>.</summary>
    Opus,

    /// <summary>AC-3: <c>ac-3</c>.</summary>
    Ac3,

    /// <summary>E-AC-3: <c>ec-3</c>.</summary>
    Eac3,

    /// <summary>FLAC: <c>fLaC</c>.</summary>
    Flac,
}
