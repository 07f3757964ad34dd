using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
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

    [Fact]
    public void A_change_of_the_state_is_told_after_the_JOIN_answer_only()
    {
        var room = new Room(new RoomKey(1, 7), 16);
        var session = Fakes.Session(10001, features: [FeatureWords.State]);
        var member = new RoomMember(session, room, new States());
        session.Memberships.Add(member);
        member.AnnounceState(Change(session, "early"));
        Assert.Equal("", Fakes.SentIfAny(session));
        Assert.True(member.TryAnswer(new RoomReply { RoomId = 7, Viewers = 3 }));
        member.AnnounceState(Change(session, "late"));
        var sent = Fakes.SentTo(session);
        Assert.Contains("\"title\":\"described\"", sent, StringComparison.Ordinal);
        Assert.InRange(sent.IndexOf("described", StringComparison.Ordinal), 0, sent.IndexOf("late", StringComparison.Ordinal));
        Assert.DoesNotContain("early", sent, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_behind_with_a_message_or_a_change_is_told_the_whole_state_after_behind()
    {
        foreach (var isMessage in new[] { true, false })
        {
            var room = new Room(new RoomKey(1, 7), 16);
            var session = Fakes.Session(10001, maxOutboxBytes: 20_000, features: [FeatureWords.State]);
            var member = new RoomMember(session, room, new States());
            session.Memberships.Add(member);
            Assert.True(member.TryAnswer(null));
            Assert.True(member.TryGoLive(0));
            using (Crowd(session))
            {
                if (isMessage)
                    Assert.Equal(PushOutcome.Skipped, Push(member, [Entry(room, 1)]));
                else
                    member.AnnounceState(Change(session, "lost"));
            }

            var sent = Fakes.SentTo(session);
            Assert.DoesNotContain("lost", sent, StringComparison.Ordinal);
            Assert.InRange(sent.IndexOf("\"behind\"", StringComparison.Ordinal), 0, sent.IndexOf("whole", StringComparison.Ordinal));
            member.AnnounceState(Change(session, "next"));
            Assert.Contains("next", Fakes.SentTo(session), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Who_misses_a_change_while_he_joins_is_told_the_whole_state_when_he_is_there()
    {
        var room = new Room(new RoomKey(1, 7), 16);
        var session = Fakes.Session(10001, maxOutboxBytes: 20_000, features: [FeatureWords.State]);
        var member = new RoomMember(session, room, new States());
        session.Memberships.Add(member);
        Assert.True(member.TryAnswer(null));
        using (Crowd(session))
            member.AnnounceState(Change(session, "lost"));
        Assert.DoesNotContain("lost", Fakes.SentTo(session), StringComparison.Ordinal);
        Assert.True(member.TryGoLive(0));
        Assert.Contains("whole", Fakes.SentTo(session), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_without_the_feature_or_of_protocol_1_is_told_nothing()
    {
        var room = new Room(new RoomKey(1, 7), 16);
        Session[] without = [Fakes.Session(10001), Fakes.Session(10002, features: ["other"]), Fakes.Session(10003, protocol: 1, features: [FeatureWords.State])];
        var with = Fakes.Session(10004, features: ["other", FeatureWords.State]);
        foreach (var session in (Session[])[.. without, with])
        {
            var member = new RoomMember(session, room, new States());
            room.Add(member);
            Assert.True(member.TryAnswer(new RoomReply { RoomId = 7 }));
            Assert.Equal(session == with, Fakes.SentTo(session).Contains("described", StringComparison.Ordinal));
        }

        Assert.Equal(1, room.StateConnections);
        room.TellState(new Announcement(1, BizCodes.RoomState, """{"title":"x"}"""));
        Assert.Contains("title", Fakes.SentTo(with), StringComparison.Ordinal);
        Assert.All(without, session => Assert.Equal("", Fakes.SentIfAny(session)));
        room.Remove(room.MembersOf(10004)[0]);
        Assert.Equal(0, room.StateConnections);
    }

    private static EncodedMessage Change(Session session, string title) =>
        new Announcement(1, BizCodes.RoomState, $$"""{"roomId":7,"event":"state","title":"{{title}}"}""").Encode(session);

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

    private sealed class States : IRoomStates
    {
        public RoomReply Describe(RoomKey room, RoomReply answer, TokenIdentity who) => answer with { Title = "described" };

        public Announcement? Whole(RoomKey room) => new(1, BizCodes.RoomState, """{"title":"whole"}""");

        public void Entered(RoomKey room, TokenIdentity who)
        {
        }
    }
}
