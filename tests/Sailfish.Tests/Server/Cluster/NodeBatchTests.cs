using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Tests.Server.Cluster.Frames;

namespace Sailfish.Tests.Server.Cluster;

/// <summary>One commit, one node, one frame.</summary>
public sealed class NodeBatchTests
{
    private const int NotifyBytes = 5_900;

    private readonly NodeBatch _batch = new();

    [Fact]
    public void However_many_messages_a_commit_brought_they_are_one_frame()
    {
        var bus = new SentFrames();
        for (var seq = 1; seq <= 500; seq++)
            Add(7, seq);
        Assert.True(_batch.SendTo(6, new ClusterSender(5, bus)));
        var messages = FrameSamples.Read<MessageItem>(bus.Take().Single().Frame);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), messages.Select(item => item.Message.Seq));
        // It has begun anew.
        Assert.True(_batch.SendTo(6, new ClusterSender(5, bus)));
        Assert.Empty(bus.Take());
    }

    [Fact]
    public void What_the_bus_does_not_carry_whole_it_says_the_places_of()
    {
        var bus = new SentFrames(NotifyBytes);
        for (var seq = 10; seq < 110; seq++)
        {
            Add(7, seq);
            if (seq % 2 == 0)
                Add(8, seq / 2);
        }

        // A hole, as where a message between them was not for this node.
        Add(8, 70);
        Add(8, 71, closes: true);
        Assert.True(_batch.SendTo(6, new ClusterSender(5, bus)));
        var places = FrameSamples.Read<PlaceItem>(bus.Take().Single().Frame);
        Assert.Equal(
            [
                new PlaceItem(7, ConversationKey.Room(1, 7), 10, 100, Closes: false),
                new PlaceItem(8, ConversationKey.Room(1, 8), 5, 50, Closes: false),
                new PlaceItem(8, ConversationKey.Room(1, 8), 70, 2, Closes: true),
            ],
            places);
    }

    [Fact]
    public void The_bound_is_the_frame_and_one_byte_more_makes_it_places()
    {
        var bus = new SentFrames(NotifyBytes);
        var sender = new ClusterSender(5, bus);
        var room = NotifyBytes - FrameHeader.Size - FrameSamples.Message(data: "").Size;
        _batch.Add(FrameSamples.Message(data: new string('x', room)).Message);
        _batch.SendTo(6, sender);
        _batch.Add(FrameSamples.Message(data: new string('x', room + 1)).Message);
        _batch.SendTo(6, sender);
        Assert.Equal([FrameKind.Messages, FrameKind.Places], bus.TakeHeaders().Select(sent => sent.Header.Kind));
    }

    [Fact]
    public void More_places_than_a_frame_holds_go_on_in_the_next()
    {
        var bus = new SentFrames(NotifyBytes);
        for (var row = 1; row <= 512; row++)
            Add(row, 9, data: new string('x', 100));
        Assert.True(_batch.SendTo(6, new ClusterSender(5, bus)));
        var frames = bus.Take();
        Assert.All(frames, sent => Assert.InRange(sent.Frame.Length, FrameHeader.Size, NotifyBytes));
        Assert.Equal(Enumerable.Range(1, 512).Select(i => (long)i), frames.SelectMany(sent => FrameSamples.Read<PlaceItem>(sent.Frame)).Select(place => place.ConversationId));
    }

    [Fact]
    public void A_bus_that_is_away_is_told()
    {
        Add(7, 1);
        Assert.False(_batch.SendTo(6, new ClusterSender(5, new SentFrames { Health = BusHealth.Away })));
        Assert.Equal(0, _batch.Count);
    }

    private void Add(long row, long seq, bool closes = false, string data = "{\"content\":\"some words to carry\"}") =>
        _batch.Add(Fakes.Message(ConversationKey.Room(1, row), seq, row, data), closes);
}
