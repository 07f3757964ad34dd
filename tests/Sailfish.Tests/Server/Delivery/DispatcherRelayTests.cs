using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Events;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>What the dispatcher has other nodes told of what this one committed.</summary>
public sealed class DispatcherRelayTests
{
    private static readonly ConversationKey Direct = ConversationKey.Direct(1, 10001, 10002);
    private static readonly RoomKey Room = new(1, 7);

    private readonly NotedRelay _relay = new();
    private readonly Dispatcher _dispatcher;

    public DispatcherRelayTests()
    {
        var (bus, epochs, metrics) = (new InProcessBus(Fakes.Meters), new EpochClock(Fakes.Lease), new PushMetrics(Fakes.Meters));
        var rooms = new RoomTable(Options.Create(new RoomsOptions()));
        var gaps = new GapReader(new FakeHistory(), TimeProvider.System);
        var pump = new RoomPump(new ConnectionTable(Fakes.Lease), new RoomExits(rooms, bus, epochs), gaps, metrics, NullLogger<RoomPump>.Instance);
        // Only the end of a room asks for the rooms' policy, and here it fails.
        var router = new Router(new SessionTable(), rooms, null!, pump, metrics);
        _dispatcher = new Dispatcher(
            new Receipts(metrics, new MessageMetrics(Fakes.Meters), NullLogger<Receipts>.Instance), router, pump, new AckTable(), bus, epochs, NullLogger<Dispatcher>.Instance, relay: _relay);
    }

    [Fact]
    public void What_one_commit_brought_goes_out_at_once_in_its_order_and_with_its_nodes()
    {
        _dispatcher.Told([Stored(Direct, 1, [2, 3]), Stored(Room.Conversation, 8, [3]), Stored(Direct, 2, [])]);
        Assert.Equal(["1 to 2,3", "8 to 3", "2 to ", "flush"], _relay.Told);
    }

    [Fact]
    public void A_message_of_which_it_is_not_known_who_waits_goes_to_all()
    {
        _dispatcher.Told([Stored(Direct, 1, null)]);
        Assert.Equal(["1 to all", "flush"], _relay.Told);
    }

    [Fact]
    public void What_was_stored_before_or_was_not_stored_goes_to_nobody()
    {
        var (repeat, failed) = (Stored(Direct, 1, [2]), Stored(Direct, 2, [2]));
        repeat.IsDuplicate = true;
        failed.Stored = null;
        _dispatcher.Told([repeat, failed]);
        Assert.Equal(["flush"], _relay.Told);
    }

    [Fact]
    public void What_fails_here_is_told_elsewhere_all_the_same()
    {
        _dispatcher.Told([Stored(Room.Conversation, 3, [2], closes: true)]);
        Assert.Equal(["3 to 2 closes", "flush"], _relay.Told);
    }

    private static Submission Stored(ConversationKey conversation, long seq, long[]? nodes, bool closes = false) => new()
    {
        Conversation = conversation,
        SenderId = 10001,
        BizCode = BizCodes.Chat,
        Data = "{}",
        Time = 1,
        Closes = closes,
        Stored = Fakes.Message(conversation, seq),
        Nodes = nodes,
    };

    private sealed class NotedRelay : IMessageRelay
    {
        public List<string> Told { get; } = [];

        public void Add(StoredMessage message, IReadOnlyList<long>? nodes, bool closes) =>
            Told.Add($"{message.Seq} to {(nodes is null ? "all" : string.Join(',', nodes))}{(closes ? " closes" : "")}");

        public void Flush() => Told.Add("flush");
    }
}
