using Sailfish.Media.Flv;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Media.Sharing;

/// <summary>What there is to tell of a stream.</summary>
/// <param name="State">How it is.</param>
/// <param name="IsRelayed">It is fetched from another node, which has more to tell.</param>
/// <param name="Publisher">The user who publishes; null while nobody does.</param>
/// <param name="Kbps">Kilobits a second.</param>
/// <param name="FramesPerSecond">Video frames.</param>
/// <param name="Width">Pixels; 0 where not known.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Video">Null where there is none.</param>
/// <param name="Audio">Likewise.</param>
/// <param name="GopSeconds">Between two keyframes.</param>
/// <param name="Viewers">Who watches.</param>
/// <param name="LateViewers">Those of them who went on with a later keyframe at least once.</param>
/// <param name="Uptime">Since its publisher came; zero while there is none.</param>
internal sealed record StreamReport(
    StreamState State,
    bool IsRelayed,
    long? Publisher,
    int Kbps,
    double FramesPerSecond,
    int Width,
    int Height,
    MediaCodec? Video,
    MediaCodec? Audio,
    double GopSeconds,
    int Viewers,
    int LateViewers,
    TimeSpan Uptime)
{
    public static StreamReport Of(LiveStream stream)
    {
        var stats = stream.Stats;
        return new StreamReport(
            stream.State, stream.IsRelayed, stream.Publication is { IsRelay: false } publication ? publication.User.UserId : null, stats.Kbps, stats.FramesPerSecond,
            stats.Width, stats.Height, stats.Video, stats.Audio, stats.GopSeconds, stream.Viewers.Count, stream.Viewers.Late,
            stream.State == StreamState.Live ? stats.Uptime : TimeSpan.Zero);
    }

    /// <summary>Of one that no node tells more of.</summary>
    public static StreamReport Of(SharedStream stream) =>
        new(stream.State, IsRelayed: false, null, 0, 0, stream.Width, stream.Height, null, null, 0, 0, 0, TimeSpan.Zero);
}
