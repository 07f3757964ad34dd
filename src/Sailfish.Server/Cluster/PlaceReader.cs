using System.Threading.Channels;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Delivery;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Reads from the log what frames only named, and hands it on as if it had come. One read at a time, of as much as waits: the
/// more comes, the less each costs. What is too much, or cannot be read, is left to a repair.
/// </summary>
internal sealed class PlaceReader(IRepairSource source, FrameReceiver receiver, ClusterMetrics metrics, ILogger<PlaceReader> logger) : BackgroundService
{
    private const int MaxWaiting = 4096;

    /// <summary>Messages of one read.</summary>
    private const int MaxMessages = 256;

    private readonly Channel<PlaceItem> _waiting =
        Channel.CreateBounded<PlaceItem>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });

    /// <summary>False when too many wait.</summary>
    public bool TryAdd(in PlaceItem place) => _waiting.Writer.TryWrite(place);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            foreach (var (places, ends) in TakeAll())
                await ReadAsync(places, ends, stoppingToken);
        }
    }

    /// <summary>What waits now, cut into reads.</summary>
    private IEnumerable<(List<LogPlace> Places, HashSet<(long ConversationId, long Seq)> Ends)> TakeAll()
    {
        var (places, ends, count) = (new List<LogPlace>(), new HashSet<(long, long)>(), 0L);
        while (_waiting.Reader.TryRead(out var item))
        {
            for (var first = item.FirstSeq; first <= item.LastSeq;)
            {
                var last = Math.Min(item.LastSeq, first + MaxMessages - count - 1);
                places.Add(new LogPlace(item.ConversationId, item.Conversation, first, last));
                count += last - first + 1;
                if (item.Closes && last == item.LastSeq)
                    ends.Add((item.ConversationId, last));
                first = last + 1;
                if (count < MaxMessages)
                    continue;
                yield return (places, ends);
                (places, ends, count) = ([], [], 0);
            }
        }

        if (places.Count > 0)
            yield return (places, ends);
    }

    private async Task ReadAsync(List<LogPlace> places, HashSet<(long ConversationId, long Seq)> ends, CancellationToken stoppingToken)
    {
        try
        {
            var messages = await source.ReadPlacesAsync(places, stoppingToken);
            metrics.PlacesRead(messages.Count);
            receiver.Take([.. messages.Select(m => new CommittedMessage(m, default, ends.Contains((m.ConversationId, m.Seq))))]);
        }
#pragma warning disable CA1031 // a repair reads it, when the log can be read again
        catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            ClusterLog.PlacesNotRead(logger, fault, places.Count);
            receiver.Missed();
        }
    }
}
