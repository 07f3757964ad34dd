using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Events;
using Sailfish.Server.Identity;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

public sealed class DispatcherTests
{
    private static readonly ConversationKey Direct = ConversationKey.Direct(1, 10001, 10002);
    private static readonly RoomKey Key = new(1, 7);

    private readonly RoomTable _rooms = new(Options.Create(new RoomsOptions { MaxInFlight = 1 }));
    private readonly AckTable _acks = new();
    private readonly Dispatcher _dispatcher;

    public DispatcherTests()
    {
        var (bus, epochs, metrics) = (new InProcessBus(Fakes.Meters), new EpochClock(Fakes.Lease), new PushMetrics(Fakes.Meters));
        var gaps = new GapReader(new FakeHistory(), TimeProvider.System);
        var pump = new RoomPump(new ConnectionTable(Fakes.Lease), new RoomExits(_rooms, bus, epochs), gaps, metrics, NullLogger<RoomPump>.Instance);
        // Only the end of a room asks for the rooms' policy.
        var router = new Router(new SessionTable(), _rooms, null!, pump, metrics);
        _dispatcher = new Dispatcher(new Receipts(metrics, new MessageMetrics(Fakes.Meters), NullLogger<Receipts>.Instance), router, pump, _acks, bus, epochs, NullLogger<Dispatcher>.Instance);
    }

    [Fact]
    public void What_it_cannot_dispatch_ends_no_delivery_before_or_after_it()
    {
        var sender = Fakes.Session(10001);
        var (first, last) = (Stored(Direct, 1, sender), Stored(Direct, 3, sender));
        _dispatcher.Told([first, Stored(Key.Conversation, 2, sender, closes: true)]);
        _dispatcher.Told([last]);

        Assert.True(first.Done!.Task.IsCompletedSuccessfully);
        Assert.True(last.Done!.Task.IsCompletedSuccessfully);
        Assert.True(sender.Connection.Input.TryRead(out var read));
        var sent = Encoding.UTF8.GetString(read.Buffer.ToArray());
        Assert.Contains("\"clientMsgId\":\"m1\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"clientMsgId\":\"m3\"", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_may_wait_are_all_dispatched_before_it_ends()
    {
        Submission[] all = [.. Enumerable.Range(1, 20_000).Select(seq => Stored(Direct, seq))];
        _dispatcher.Told(all);
        _dispatcher.Closed();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _dispatcher.StoppedAsync(limit.Token);
        Assert.All(all, submission => Assert.True(submission.Done!.Task.IsCompletedSuccessfully));
    }

    [Theory]
    [InlineData("pushed")]
    [InlineData("a repeat")]
    [InlineData("too late")]
    [InlineData("not stored")]
    [InlineData("nobody is left")]
    [InlineData("the room was made anew")]
    [InlineData("the sender cannot be told")]
    public async Task A_place_is_given_back_once_however_a_message_ends(string end)
    {
        var (room, member) = Enter();
        var message = Stored(Key.Conversation, 1, end == "the sender cannot be told" ? SessionWithoutConnection() : null);
        message.Hold(await RoomPlace.TakeAsync(room, CancellationToken.None));
        if (end == "a repeat")
            message.IsDuplicate = true;
        if (end is "too late" or "not stored")
            (message.Stored, message.IsTooLate) = (null, end == "too late");
        if (end is "nobody is left" or "the room was made anew")
            _rooms.Change(Key, _ => room.Remove(member));
        var another = end == "the room was made anew" ? Enter().Room : null;

        _dispatcher.Told([message]);
        Assert.True(message.Done!.Task.IsCompletedSuccessfully);
        Assert.Equal(1, room.InFlight.CurrentCount);
        Assert.Equal(1, (another ?? room).InFlight.CurrentCount);
    }

    [Fact]
    public void Who_sent_a_one_to_one_message_has_it()
    {
        _dispatcher.Told([Stored(Direct, 1), Stored(Key.Conversation, 1)]);
        Assert.Equal(1, _acks.Position(1, 10001, 0));
        Assert.Equal(1, _acks.Count);
    }

    [Fact]
    public void A_node_that_is_alone_takes_nothing_of_others() =>
        Assert.Throws<InvalidOperationException>(() => _dispatcher.TryReceive([new CommittedMessage(Fakes.Message(Direct, 1), default)]));

    private static Submission Stored(ConversationKey conversation, long seq, Session? sender = null, bool closes = false) => new()
    {
        Conversation = conversation,
        SenderId = 10001,
        ClientMsgId = $"m{seq}",
        BizCode = BizCodes.Chat,
        Data = "{}",
        Time = 1,
        Sender = sender,
        Closes = closes,
        Done = new TaskCompletionSource<Submission>(),
        Stored = Fakes.Message(conversation, seq),
    };

    private static Session SessionWithoutConnection() =>
        new(null!, new TokenIdentity(new UserKey(1, 10001), null, null, null), new LoginRequest { UserId = 10001, AppId = 1 }, 0);

    /// <summary>The room with somebody in it.</summary>
    private (Room Room, RoomMember Member) Enter() => _rooms.Change(Key, room =>
    {
        var member = new RoomMember(Fakes.Session(10002), room);
        room.Add(member);
        return (room, member);
    });
}
