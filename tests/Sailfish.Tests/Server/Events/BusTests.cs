using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Tests.Server.Rooms;

namespace Sailfish.Tests.Server.Events;

public sealed class BusTests
{
    [Fact]
    public void Epochs_grow_also_over_a_restart()
    {
        var clock = new EpochClock(Fakes.Lease);
        var epochs = Enumerable.Range(0, 1000).Select(_ => clock.Next()).ToList();
        Assert.Equal(epochs.Order().Distinct(), epochs);
        Assert.True(new EpochClock(new NodeLease(Fakes.Lease.Generation + 1, TimeProvider.System)).Next() > epochs[^1]);
    }

    [Fact]
    public async Task Epochs_of_many_threads_are_all_different()
    {
        var clock = new EpochClock(Fakes.Lease);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 5000).Select(_ => clock.Next()).ToList())));
        Assert.Equal(20_000, taken.SelectMany(t => t).Distinct().Count());
    }

    [Fact]
    public async Task Joins_and_leaves_are_told_once_a_user_with_growing_epochs()
    {
        var bus = new InProcessBus(Fakes.Meters);
        using var events = bus.Subscribe();
        var rooms = Rooms(bus, new EpochClock(Fakes.Lease));
        var phone = Fakes.Session(10001);
        var laptop = Fakes.Session(10001);
        await rooms.JoinAsync(phone, new RoomRequest { RoomId = 7 });
        await rooms.JoinAsync(laptop, new RoomRequest { RoomId = 7 });
        await rooms.JoinAsync(phone, new RoomRequest { RoomId = 7 });
        rooms.Leave(phone, 7);
        rooms.Leave(phone, 7);
        rooms.LeaveAll(laptop);
        await rooms.JoinAsync(phone, new RoomRequest { RoomId = 7 });

        var told = Read(events.Reader);
        Assert.Equal([EventTypes.RoomJoined, EventTypes.RoomLeft, EventTypes.RoomJoined], told.Select(e => e.Type));
        Assert.All(told, e => Assert.Equal((10001L, 7L), (e.UserId, e.RoomId!.Value)));
        Assert.Equal(told.OrderBy(e => e.Epoch), told);
    }

    [Fact]
    public async Task Where_nobody_listens_no_event_is_made()
    {
        var epochs = new EpochClock(Fakes.Lease);
        var first = epochs.Next();
        var rooms = Rooms(new InProcessBus(Fakes.Meters), epochs);
        var session = Fakes.Session(10001);
        await rooms.JoinAsync(session, new RoomRequest { RoomId = 7 });
        rooms.Leave(session, 7);
        Assert.Equal(first + 1, epochs.Next());
    }

    private static RoomService Rooms(IBus bus, EpochClock epochs)
    {
        var options = Options.Create(new RoomsOptions());
        var restrictions = new RoomRestrictions(new NoRestrictions(), TimeProvider.System);
        var table = new RoomTable(options);
        return new RoomService(table, new RoomExits(table, bus, epochs), restrictions, new EmptyHistory(), new AllUnlisted(), bus, epochs, options);
    }

    private static List<DomainEvent> Read(ChannelReader<DomainEvent> reader)
    {
        List<DomainEvent> events = [];
        while (reader.TryRead(out var read))
            events.Add(read);
        return events;
    }

    private sealed class AllUnlisted : IRoomPolicy
    {
        public RoomStatus StatusOf(RoomKey key) => RoomStatus.Unlisted;

        public void Closed(RoomKey key)
        {
        }

        public void Joined(RoomKey key, TokenIdentity who, int viewers)
        {
        }
    }

    internal sealed class EmptyHistory : IMessageHistory
    {
        public ValueTask<long> NewestSeqAsync(ConversationKey key, CancellationToken cancellationToken) => new(0);

        public ValueTask<bool> HasBegunAsync(ConversationKey key, CancellationToken cancellationToken) => new(false);

        public ValueTask<MessagePage> ReadAsync(ConversationKey key, long after, int maxCount, int maxBytes, CancellationToken cancellationToken) => new(new MessagePage([], true));

        public ValueTask<long> FindStartAsync(ConversationKey key, long newest, int maxCount, int maxBytes, CancellationToken cancellationToken) => new(newest);

        public ValueTask<ConversationRow?> FindConversationAsync(long conversationId, CancellationToken cancellationToken) => default;

        public ValueTask<ConversationRow?> FindConversationAsync(ConversationKey key, CancellationToken cancellationToken) => default;

        public ValueTask<IReadOnlyList<UnreadConversation>> ListUnreadAsync(long appId, long userId, long afterId, int limit, CancellationToken cancellationToken) => new([]);

        public ValueTask<MessagePage> ReadFromOthersAsync(UnreadConversation conversation, long userId, long from, long to, int maxCount, int maxBytes, CancellationToken cancellationToken) =>
            new(new MessagePage([], true));
    }
}
