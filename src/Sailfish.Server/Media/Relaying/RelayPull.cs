using System.IO.Pipelines;
using Sailfish.Media;
using Sailfish.Media.Flv;
using Sailfish.Media.Rtmp;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Media.Relaying;

/// <summary>
/// Fetches a stream from the node that has it, once for all viewers here, for as long as there are any: what comes goes into the
/// stream as from a publisher. When it breaks off, or another node has the stream, it begins anew.
/// </summary>
internal sealed class RelayPull(
    LiveStream stream, IStreamDirectory directory, RelayClient client, StreamTable streams, ServerState state, MediaMetrics metrics, LogPace failures, TimeProvider time, ILogger logger)
{
    /// <summary>After the last viewer: he may only open it again.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(5);

    /// <summary>Without a byte of a stream that is live.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(5);

    /// <summary>Until the answer begins.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private RelayLink? _link;
    private long _wantedAt = time.GetTimestamp();

    public LiveStream Stream { get; } = stream;

    private RoomKey Room => Stream.Room;

    /// <summary>Somebody is about to watch.</summary>
    public void Want() => Volatile.Write(ref _wantedAt, time.GetTimestamp());

    /// <summary>Until it is not wanted any more. Nothing is thrown.</summary>
    public async Task RunAsync()
    {
        using var over = new CancellationTokenSource();
        var looking = LookAsync(over.Token);
        var pause = ShortestPause;
        while (Source() is { } source)
        {
            var longer = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            pause = await TryFetchAsync(source) ? ShortestPause : longer;
            await Task.Delay(pause, time, CancellationToken.None);
        }

        await over.CancelAsync();
        await looking;
        if (Stream.IsRelayed)
            streams.TryEnd(Stream, CutReason.Silent);
    }

    /// <summary>Where it is to be fetched; null when it is not any more.</summary>
    private SharedStream? Source()
    {
        var isWanted = Stream.Viewers.Count > 0 || time.GetElapsedTime(Volatile.Read(ref _wantedAt)) < IdleLimit;
        return isWanted && !state.IsDraining && Stream.IsRelayed && streams.Find(Room) == Stream && directory.FindElsewhere(Room) is { Address.Length: > 0 } source ? source : null;
    }

    /// <summary>Ends an answer that is no longer the right one, or is dead.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (Stream.Viewers.Count > 0)
                    Want();
                if (Volatile.Read(ref _link) is { } link && !IsGood(link))
                    link.Cut();
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private bool IsGood(RelayLink link) =>
        Source() is { } source && source.Node == link.Node && (source.State != StreamState.Live || link.SilentFor < SilenceLimit);

    /// <summary>Reads one answer to its end; false when nothing came.</summary>
    private async Task<bool> TryFetchAsync(SharedStream source)
    {
        using var link = new RelayLink(source.Node, time);
        var publication = new Publication(new UserKey(Room.AppId, 0), link, 0) { IsRelay = true };
        metrics.Relays(1);
        try
        {
            Volatile.Write(ref _link, link);
            using var answer = await GetAsync(source, link);
            if (!answer.IsSuccessStatusCode)
                Tell(source, $"it answers {(int)answer.StatusCode}");
            else if (Stream.TryBegin(publication) is null)
                await ReadAsync(await answer.Content.ReadAsStreamAsync(link.Token), publication, link);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException or MediaFormatException)
        {
            if (!link.Token.IsCancellationRequested)
                Tell(source, gone.Message);
        }
#pragma warning disable CA1031 // it is tried again, and nobody else would hear of it
        catch (Exception fault)
#pragma warning restore CA1031
        {
            MediaLog.ConnectionFault(logger, fault);
        }
        finally
        {
            Volatile.Write(ref _link, null);
            Stream.Leave(publication, isStop: false);
            metrics.Relays(-1);
        }

        return link.HasBegun;
    }

    private async Task<HttpResponseMessage> GetAsync(SharedStream source, RelayLink link)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(link.Token);
        limit.CancelAfter(AnswerLimit);
        return await client.GetAsync(source, limit.Token);
    }

    private async Task ReadAsync(Stream body, Publication publication, RelayLink link)
    {
        MediaLog.Relaying(logger, Room.RoomId, link.Node);
        var (input, flv) = (PipeReader.Create(body), new FlvReader(RtmpLimits.Default.MaxMediaBytes));
        while (true)
        {
            var read = await input.ReadAsync(link.Token);
            var buffer = read.Buffer;
            link.Hear();
            while (flv.TryRead(ref buffer, out var tag))
                Stream.Write(publication, tag);
            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    private void Tell(SharedStream source, string reason)
    {
        if (failures.TryTake(out var leftOut))
            MediaLog.RelayFailed(logger, Room.RoomId, source.Node, reason, leftOut);
    }
}
