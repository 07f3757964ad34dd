using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

/// <summary>Acks up to a seq, on one node of several.</summary>
public sealed class AckServiceTests
{
    private const long Receiver = 10002;
    private static readonly ConversationKey Key = ConversationKey.Direct(1, 10001, Receiver);

    private readonly FeedParts _node = new();
    private readonly AckTable _acks = new();
    private readonly AckService _service;
    private readonly Session _receiver;

    public AckServiceTests()
    {
        _service = new AckService(_node.History, _node.Delivered, _acks);
        _receiver = _node.LogIn(Receiver);
    }

    private long Position => _acks.Position(FakeHistory.RowOf(Key), Receiver, 0);

    [Fact]
    public async Task What_was_delivered_here_is_acked_without_asking_the_log()
    {
        for (var seq = 1; seq <= 3; seq++)
        {
            _node.Take(_node.History.Append(Key));
            await AckAsync(seq);
            Assert.Equal(seq, Position);
        }

        Assert.Equal(0, _node.History.Lookups);
    }

    [Fact]
    public async Task Of_what_was_not_delivered_here_the_log_knows_how_far_it_goes()
    {
        _node.Take(_node.History.Append(Key));
        _node.History.Append(Key);
        await AckAsync(1_000_000);
        Assert.Equal((2, 1), (Position, _node.History.Lookups));
    }

    [Fact]
    public async Task When_the_store_may_have_lost_it_the_log_is_asked()
    {
        _node.Take(_node.History.Append(Key));
        _node.Sequencer.Forget();
        await AckAsync(1);
        Assert.Equal((1, 1), (Position, _node.History.Lookups));
    }

    [Fact]
    public async Task Nobody_acks_for_others()
    {
        _node.Take(_node.History.Append(Key));
        await _service.HandleAsync(_node.LogIn(10003), new AckBody { Conversation = Key.Name, Seq = 1 });
        Assert.Equal((0, 0), (_acks.Count, _node.History.Lookups));
    }

    [Fact]
    public async Task Acks_of_guests_are_taken_and_nothing_is_looked_for()
    {
        var guest = _node.LogIn(Ids.FirstGuest);
        var own = ConversationKey.Direct(1, 10001, guest.UserId);
        _node.History.Append(own);
        foreach (var ack in new[]
        {
            new AckBody { Conversation = own.Name, Seq = 1 },
            new AckBody { Conversation = "r:7", Seq = 1 },
            new AckBody { MsgId = MessageId.Format(FakeHistory.RowOf(own), 1) },
        })
            await _service.HandleAsync(guest, ack);
        Assert.Equal((0, 0), (_acks.Count, _node.History.Lookups));
    }

    private ValueTask AckAsync(long seq) => _service.HandleAsync(_receiver, new AckBody { Conversation = Key.Name, Seq = seq });
}
