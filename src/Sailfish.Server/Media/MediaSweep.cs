using Microsoft.Extensions.Options;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Publishing;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Media.Viewers;

namespace Sailfish.Server.Media;

/// <summary>
/// One clock for all of video: streams that nobody publishes any more, rooms that have closed, publishers that are silent or too
/// much, viewers that do not read, and who was put out.
/// </summary>
internal sealed class MediaSweep(
    StreamTable streams,
    RtmpServer rtmp,
    PublishDesk desk,
    StreamAccess access,
    StreamKeys keys,
    LivingTable rooms,
    IOptions<MediaOptions> options,
    TimeProvider time,
    ILogger<MediaSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Without a byte taken.</summary>
    private static readonly TimeSpan StuckLimit = TimeSpan.FromSeconds(30);

    /// <summary>For the last words.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BitrateLimit = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                rtmp.Sweep();
                foreach (var stream in streams.All())
                    await SweepAsync(stream);
            }
#pragma warning disable CA1031 // without it nobody is ever put out
            catch (Exception fault)
#pragma warning restore CA1031
            {
                MediaLog.SweepFailed(logger, fault);
            }
        }
    }

    private async Task SweepAsync(LiveStream stream)
    {
        if (rooms.Find(stream.Room) is not { } room)
        {
            if (stream.Publication is { IsRelay: false } publication)
                desk.NoteClosed(publication.User);
            if (streams.TryEnd(stream, CutReason.RoomClosed))
                MediaLog.StreamEnded(logger, stream.Room.RoomId);
            return;
        }

        if (stream.IsOver() && streams.TryEndOver(stream))
            MediaLog.StreamEnded(logger, room.Row.Id);
        if (stream.Publication is { IsRelay: false } publisher)
            await SweepAsync(stream, publisher);
        foreach (var viewer in stream.Viewers.All)
            await SweepAsync(stream, viewer);
    }

    private async Task SweepAsync(LiveStream stream, Publication publisher)
    {
        if (stream.IsTooMuch(options.Value.MaxBitrateKbps, BitrateLimit))
            Cut(stream, publisher, CutReason.Bitrate);
        else if (await access.IsOutAsync(stream.Room, publisher.User, publisher.StartedAt, publisher.PageSession)
            || (publisher.KeyGeneration is { } generation && generation != await keys.GenerationAsync(publisher.User, CancellationToken.None)))
            Cut(stream, publisher, CutReason.NotAllowed);
    }

    private async Task SweepAsync(LiveStream stream, Viewer viewer)
    {
        if (viewer.StuckFor > StuckLimit)
            viewer.Cut();
        else if (viewer.IsEnding && viewer.StuckFor > EndLimit)
            viewer.Finish();
        else if (viewer.Pass.User is { } user && await access.IsOutAsync(stream.Room, user, viewer.Pass.MintedAt, viewer.Pass.PageSession))
            viewer.End(ViewerEnd.NotAllowed);
    }

    private void Cut(LiveStream stream, Publication publisher, CutReason reason)
    {
        MediaLog.PublisherCut(logger, stream.Room.RoomId, reason);
        publisher.Cut(reason);
    }
}
