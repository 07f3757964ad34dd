using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Sailfish.Media.Flv;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Media;

/// <summary><c>Sailfish:Media</c>: live video in the living rooms.</summary>
public sealed class MediaOptions
{
    /// <summary>Whether there is video at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Port on which encoders publish by RTMP; 0 = any free port, −1 = none.</summary>
    [Range(-1, 65_535)]
    public int RtmpPort { get; set; } = 1935;

    /// <summary>TLS on the RTMP port.</summary>
    public TlsOptions? RtmpTls { get; set; }

    /// <summary>The server that anchors are shown for their encoders, such as <c>rtmp://live.example.com/live</c>; absent: the request's host and the port.</summary>
    [RegularExpression("rtmps?://.+")]
    public string? PublicRtmp { get; set; }

    /// <summary>Streams at once.</summary>
    [Range(1, 100_000)]
    public int MaxStreams { get; set; } = 64;

    /// <summary>Viewers of all streams together.</summary>
    [Range(1, 1_000_000)]
    public int MaxViewers { get; set; } = 10_000;

    /// <summary>Viewers of one stream; 0 = as many as of all.</summary>
    [Range(0, 1_000_000)]
    public int MaxViewersPerStream { get; set; }

    /// <summary>Streams that one user watches at once; 0 = no limit.</summary>
    [Range(0, 100_000)]
    public int MaxViewersPerUser { get; set; } = 10;

    /// <summary>Viewers from one address; 0 = no limit.</summary>
    [Range(0, 1_000_000)]
    public int MaxViewersPerAddress { get; set; } = 500;

    /// <summary>Kilobits a second; a publisher that is above it for ten seconds is cut.</summary>
    [Range(100, 1_000_000)]
    public int MaxBitrateKbps { get; set; } = 20_000;

    /// <summary>How pictures may be coded, such as <c>h264</c>; empty: in all ways that are passed on.</summary>
    public List<MediaCodec> AllowedVideo { get; set; } = [];

    /// <summary>How sound may be coded, such as <c>aac</c>; likewise.</summary>
    public List<MediaCodec> AllowedAudio { get; set; } = [];

    /// <summary>Bytes from the newest keyframe on that are kept for those who come.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int MaxGopBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Seconds from the newest keyframe on that are kept for those who come.</summary>
    [Range(1, 60)]
    public int MaxGopSeconds { get; set; } = 10;

    /// <summary>Milliseconds that a viewer may be late; then it goes on with the newest keyframe.</summary>
    [Range(500, 60_000)]
    public int MaxLagMilliseconds { get; set; } = 3000;

    /// <summary>Bytes that may wait unsent in the kernel for one viewer.</summary>
    [Range(16 * 1024, 16 * 1024 * 1024)]
    public int UnsentBytes { get; set; } = 128 * 1024;

    /// <summary>Seconds that viewers wait for a publisher who was lost.</summary>
    [Range(0, 600)]
    public int ReconnectSeconds { get; set; } = 30;

    /// <summary>Whether a VIP who publishes without an open room starts one.</summary>
    public bool StartRoomOnPublish { get; set; }

    /// <summary>Whether streams are given to those who have no token.</summary>
    public bool Anonymous { get; set; }

    /// <summary>Whether what is coded so is passed on.</summary>
    internal bool Takes(TagKind kind, MediaCodec codec) =>
        codec != MediaCodec.Unknown && (kind == TagKind.Video ? AllowedVideo : AllowedAudio) is var allowed && (allowed is [] || allowed.Contains(codec));
}

/// <summary>Checks <see cref="MediaOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class MediaOptionsValidator : IValidateOptions<MediaOptions>;
