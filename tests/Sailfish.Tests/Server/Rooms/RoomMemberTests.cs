using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>What a member is given of a batch, and what it is told of the rest.</summary>
public sealed class RoomMemberTests
{
    [Fact]
    public void A_sender_for_whom_the_rest_of_a_batch_is_too_much_is_told_at_once_and_goes_on()
    {
        var room = new Room(new RoomKey(1, 7), 16);
        var session = Fakes.Session(10001, maxOutboxBytes: 20_000);
        var member = new RoomMember(session, room);
        session.Memberships.Add(member);
        Assert.True(member.TryGoLive(0));

        // Its own message among them: the batch is added one by one.
        member.NoteOwn(1);
        RoomEntry[] entries = [Entry(room, 1, new Origin(session.Connection.Id)), .. Enumerable.Range(2, 5).Select(seq => Entry(room, seq))];
        Assert.Equal(PushOutcome.Skipped, Push(member, entries));
        Assert.Contains("\"behind\"", Fakes.SentTo(session), StringComparison.Ordinal);

        Assert.Equal(PushOutcome.Pushed, Push(member, [Entry(room, 7)]));
        Assert.Contains("\"seq\":7", Fakes.SentTo(session), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_joins_and_reads_slower_than_the_room_speaks_is_told_behind_and_is_given_what_comes_then()
    {
        var room = new Room(new RoomKey(1, 7), 16) { PumpedSeq = 9 };
        var session = Fakes.Session(10001, maxOutboxBytes: 20_000);
        var member = new RoomMember(session, room);
        session.Memberships.Add(member);
        Assert.False(member.TryGoLive(5));
        Assert.False(member.TryFallBehind(5));
        using (Crowd(session))
            Assert.True(member.TryFallBehind(5));
        Assert.Equal(PushOutcome.Passed, Push(member, [Entry(room, 10)]));
        Flush(session);
        Assert.Contains("\"behind\"", Fakes.SentTo(session), StringComparison.Ordinal);

        Assert.Equal(PushOutcome.Pushed, Push(member, [Entry(room, 11)]));
        member.Leave();
        using (Crowd(session))
            Assert.False(member.TryFallBehind(11));
    }

    [Fact]
    public void Who_joins_as_a_room_ends_is_not_behind_because_the_join_tells_the_end()
    {
        var room = new Room(new RoomKey(1, 7), 16);
        room.End = Fakes.Message(room.Conversation, 5);
        room.PumpedSeq = 5;
        var member = new RoomMember(Fakes.Session(10001, maxOutboxBytes: 20_000), room);
        using (Crowd(member.Session))
            Assert.False(member.TryFallBehind(4));
    }

    [Fact]
    public void The_end_of_a_room_is_told_once_whatever_waits_and_nothing_after_it()
    {
        var room = new Room(new RoomKey(1, 7), 16);
        var session = Fakes.Session(10001, maxOutboxBytes: 20_000);
        var member = new RoomMember(session, room);
        Assert.True(member.TryGoLive(0));
        using (Crowd(session))
        {
            Assert.Equal(PushOutcome.Skipped, Push(member, [Entry(room, 1)]));
            Assert.True(member.TryEnd(Fakes.Message(room.Conversation, 2)));
            Assert.False(member.TryEnd(Fakes.Message(room.Conversation, 2)));
            Assert.Equal(PushOutcome.Passed, Push(member, [Entry(room, 3)]));
        }

        var sent = Fakes.SentTo(session);
        Assert.Contains("\"seq\":2", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("\"seq\":3", sent, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_joins_as_a_room_ends_is_left_to_the_join_which_has_told_the_end_or_tells_it()
    {
        foreach (var isGiven in new[] { true, false })
        {
            var room = new Room(new RoomKey(1, 7), 16);
            var session = Fakes.Session(10001);
            var member = new RoomMember(session, room);
            var end = Fakes.Message(room.Conversation, 5);
            room.End = end;
            Assert.False(room.IsEnding);
            room.PumpedSeq = 5;
            Assert.True(room.IsEnding);
            Assert.False(member.TryEnd(end));
            Assert.False(member.TryGoLive(4));
            if (isGiven)
                Assert.True(member.TryGive([end], isHistory: false));
            Assert.True(member.TryGoLive(5));

            Assert.True(member.TryEnd(end));
            Assert.Single(Fakes.SentTo(session).Split("\"seq\":5").Skip(1));
            Assert.False(member.TryGive([end], isHistory: true));
        }
    }

    [Fact]
    public void What_a_member_sent_before_it_joined_again_is_not_given_to_it_while_it_catches_up()
    {
        var room = new Room(new RoomKey(1, 7), 16);
        var session = Fakes.Session(10001);
        var member = new RoomMember(session, room);
        member.NoteOwn(2);
        Assert.True(member.TryGive([Fakes.Message(room.Conversation, 1), Fakes.Message(room.Conversation, 2)], isHistory: false));
        Assert.True(member.TryGoLive(2));
        var sent = Fakes.SentTo(session);
        Assert.Contains("\"seq\":1", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("\"seq\":2", sent, StringComparison.Ordinal);
    }

    private static RoomEntry Entry(Room room, long seq, Origin origin = default) =>
        new(Fakes.Message(room.Conversation, seq, data: new string('x', 8000)), origin, default);

    private static PushOutcome Push(RoomMember member, RoomEntry[] entries)
    {
        using var copies = new ReceiverCopies(new RoomBatch([.. entries]));
        return member.Push(copies);
    }

    /// <summary>More waits than may, until somebody flushes.</summary>
    private static Session.Scope Crowd(Session session)
    {
        var scope = session.EnterScope();
        scope.Outbox.Append(new byte[30_000]);
        return scope;
    }

    private static void Flush(Session session)
    {
        using var outbox = session.Connection.Outbox.EnterScope();
        outbox.Flush();
    }
}
