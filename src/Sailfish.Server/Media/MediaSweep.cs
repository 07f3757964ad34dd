using Microsoft.Extensions.Options;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Publishing;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Media.Viewers;
using Sailfish.Server.Pacing;

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

    private readonly LogPace _failures = new(new Rate(PerSecond: 0.1, Burst: 3), time);

    /// <summary>One look at all of it.</summary>
    public async Task SweepAsync()
    {
        var failure = await TryAsync(SweepEncodersAsync);
        // What cannot be looked up of one stream keeps nobody in another.
        foreach (var stream in streams.All())
            failure = await TryAsync(() => SweepAsync(stream)) ?? failure;
        if (failure is not null && _failures.TryTake(out _))
            MediaLog.SweepFailed(logger, failure);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await SweepAsync();
    }

    private static async Task<Exception?> TryAsync(Func<Task> step)
    {
        try
        {
            await step();
            return null;
        }
#pragma warning disable CA1031 // told once a round
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return fault;
        }
    }

    private Task SweepEncodersAsync()
    {
        rtmp.Sweep();
        return Task.CompletedTask;
    }

    private async Task SweepAsync(LiveStream stream)
    {
        if (desk.TryEndClosed(stream))
            return;
        if (stream.IsOver())
            streams.TryEndOver(stream);
        foreach (var viewer in stream.Viewers.All)
            SweepStuck(viewer);
        if (stream.Publication is { IsRelay: false } publisher)
            await SweepAsync(stream, publisher);
        foreach (var viewer in stream.Viewers.All)
            await SweepAsync(stream, viewer);
    }

    private async Task SweepAsync(LiveStream stream, Publication publisher)
    {
        if (stream.IsTooMuch(options.Value.MaxBitrateKbps, BitrateLimit))
            publisher.Cut(CutReason.Bitrate);
        else if (await access.IsOutAsync(stream.Room, publisher.User, publisher.StartedAt, publisher.PageSession))
            // The picture of who was put out is not kept for those who come, as that of who was lost is.
            streams.TryEnd(stream, CutReason.NotAllowed);
        else if (publisher.KeyGeneration is { } generation && generation != await keys.GenerationAsync(publisher.User, CancellationToken.None))
            // Whoever has found out a key shows nothing any more, his last picture neither.
            streams.TryEnd(stream, CutReason.KeyChanged);
    }

    private static void SweepStuck(Viewer viewer)
    {
        if (viewer.StuckFor > StuckLimit)
            viewer.Cut();
        else if (viewer.IsEnding && viewer.StuckFor > EndLimit)
            viewer.Finish();
    }

    private async Task SweepAsync(LiveStream stream, Viewer viewer)
    {
        if (viewer.Pass.User is { } user && await access.IsOutAsync(stream.Room, user, viewer.Pass.MintedAt, viewer.Pass.PageSession))
            viewer.End(ViewerEnd.NotAllowed);
    }
}
