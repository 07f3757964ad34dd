using System.Buffers;
using System.Text;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server;

/// <summary>What a member is given of a batch, and what it is told of the rest.</summary>
public sealed class RoomMemberTests
{
    [Fact]
    public void A_sender_for_whom_the_rest_of_a_batch_is_too_much_is_told_at_once_and_goes_on()
    {
        var room = new Room(new RoomKey(1, 7), 16);
        var session = Fakes.Session(10001, maxOutboxBytes: 20_000);
        var member = new RoomMember(session, room);
        session.Rooms.Add(member);
        lock (session.Connection.Outbox)
            Assert.True(member.TryGoLive(0));

        // Its own message among them: the batch is added one by one.
        member.OwnSeq = 1;
        RoomEntry[] entries = [Entry(room, 1, member), .. Enumerable.Range(2, 5).Select(seq => Entry(room, seq, null))];
        Assert.Equal(PushOutcome.Skipped, Push(member, entries));
        Assert.Contains("\"behind\"", Sent(session), StringComparison.Ordinal);

        Assert.Equal(PushOutcome.Pushed, Push(member, [Entry(room, 7, null)]));
        Assert.Contains("\"seq\":7", Sent(session), StringComparison.Ordinal);
    }

    private static RoomEntry Entry(Room room, long seq, RoomMember? sender) =>
        new(Fakes.Message(room.Conversation, seq, data: new string('x', 8000)), sender);

    private static PushOutcome Push(RoomMember member, RoomEntry[] entries)
    {
        using var copies = new ReceiverCopies(new RoomBatch([.. entries]));
        return member.Push(copies);
    }

    private static string Sent(Session session)
    {
        Assert.True(session.Connection.Input.TryRead(out var read));
        var text = Encoding.UTF8.GetString(read.Buffer.ToArray());
        session.Connection.Input.AdvanceTo(read.Buffer.End);
        return text;
    }
}
