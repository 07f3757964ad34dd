using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Cluster;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Nodes;
using Sailfish.Server.Sessions;
using Sailfish.Tests.Server.Delivery;

namespace Sailfish.Tests.Server.Cluster;

/// <summary>What a node does with what others tell it: what it delivers with, on a store in memory.</summary>
internal sealed class SinkParts : IDisposable
{
    public static readonly ConversationKey Direct = ConversationKey.Direct(1, 10001, 10002);
    public static readonly RoomKey Room = new(1, 7);

    public SinkParts()
    {
        Lease = new NodeLease(1, Node.Time);
        Source = new FakeRepairSource(Node.History, Direct);
        Repair = new SequencerRepair(
            Source, Node.Sequencer, Node.Dispatcher, Node.Rooms, new RoomEnds(Node.Rooms, Node.Gaps), new StoreHorizons(Node.Time), Lease, Node.DeliveryMetrics, Node.Time,
            NullLogger<SequencerRepair>.Instance);
        Receiver = new FrameReceiver(Node.Dispatcher, Repair, Lease, Node.Time);
        Places = new PlaceReader(Source, Receiver, new ClusterMetrics(Fakes.Meters), NullLogger<PlaceReader>.Instance);
        Teller = new LocalTeller(new Broadcaster(Node.Sessions, Node.Metrics), NullLogger<LocalTeller>.Instance);
        Sink = new ClusterSink(Receiver, Places, Teller, Node.Connections, Changes);
    }

    public FeedParts Node { get; } = new();

    public NodeLease Lease { get; }

    public FakeRepairSource Source { get; }

    public SequencerRepair Repair { get; }

    public FrameReceiver Receiver { get; }

    public PlaceReader Places { get; }

    public LocalTeller Teller { get; }

    public ClusterSink Sink { get; }

    public NotedHurry Changes { get; } = new();

    /// <summary>Whether messages were looked for, and from when on, that was so long ago.</summary>
    public async Task<TimeSpan?> RepairedAsync()
    {
        Source.Asked.Clear();
        await Repair.RunOnceAsync(CancellationToken.None);
        return Source.Asked.Count > 0 ? Source.Horizon - Source.Asked[0] : null;
    }

    /// <summary>The messages that a session is given next, by their seqs.</summary>
    public static async Task<List<long>> GivenAsync(Session session, int count)
    {
        List<long> given = [];
        await Wait.UntilAsync(() =>
        {
            given.AddRange(FeedParts.Given(session));
            return given.Count >= count;
        });
        return given;
    }

    public List<StoredMessage> Append(ConversationKey key, int count) => [.. Enumerable.Range(0, count).Select(_ => Node.History.Append(key))];

    public void Dispose()
    {
        Places.Dispose();
        Teller.Dispose();
        Repair.Dispose();
    }

    internal sealed class NotedHurry : IChangeHurry
    {
        public int Count { get; private set; }

        public void Hurry() => Count++;
    }
}
