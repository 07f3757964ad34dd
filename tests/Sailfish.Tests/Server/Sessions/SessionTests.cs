using Sailfish.Server.Conversations;

namespace Sailfish.Tests.Server.Sessions;

/// <summary>What changes in step with what a session is sent.</summary>
public sealed class SessionTests
{
    private static readonly ConversationKey Conversation = ConversationKey.Direct(1, 10001, 10002);

    [Fact]
    public void What_has_no_room_is_not_added_and_what_was_skipped_is_told_once()
    {
        var session = Fakes.Session(10001, maxOutboxBytes: 1500);
        var message = session.Encode(Fakes.Message(Conversation, 1, data: new string('x', 1000)));
        using (var scope = session.EnterScope())
        {
            Assert.True(scope.TryAppend(message));
            Assert.False(scope.TryAppend(message));
            scope.MarkBehind(Conversation);
            scope.MarkBehind(Conversation);
            Assert.True(scope.IsBehind(Conversation));
            scope.Outbox.Flush();
            Assert.False(scope.IsBehind(Conversation));
            Assert.True(scope.TryAppend(message));
            scope.Outbox.Flush();
        }

        var sent = Fakes.SentTo(session);
        Assert.Equal(2, sent.Split("\"seq\":1").Length - 1);
        Assert.Single(sent.Split("\"behind\"").Skip(1));
    }

    [Fact]
    public void What_was_skipped_is_told_at_once_where_nothing_waits_and_else_behind_what_does()
    {
        var session = Fakes.Session(10001);
        var message = session.Encode(Fakes.Message(Conversation, 1));
        using (var scope = session.EnterScope())
        {
            scope.MarkBehind(Conversation);
            scope.TellBehind();
            Assert.False(scope.IsBehind(Conversation));
            scope.Append(message);
            scope.MarkBehind(Conversation);
            scope.TellBehind();
        }

        var told = Fakes.SentTo(session).Split("\"behind\"");
        Assert.Equal(3, told.Length);
        Assert.DoesNotContain("\"seq\"", told[0], StringComparison.Ordinal);
        Assert.Contains("\"seq\":1", told[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_pushed_message_waits_until_it_is_acked_or_due()
    {
        var time = new FakeTimeProvider();
        var session = Fakes.Session(10001, time);
        Assert.False(session.HasPending);
        using var scope = session.EnterScope();
        Assert.Null(scope.RemovePending(1, 1));
        foreach (var seq in new[] { 1, 2, 3, 4 })
            scope.AddPending(Fakes.Message(Conversation, seq));
        Assert.True(session.HasPending);
        Assert.Equal(2, scope.RemovePending(1, 2)?.Seq);
        scope.RemovePendingUpTo(Conversation, 3);
        Assert.False(scope.TryTakeDue(TimeSpan.FromSeconds(4), out _));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(scope.TryTakeDue(TimeSpan.FromSeconds(4), out var due));
        Assert.Equal((4L, 0), (due.Message.Seq, due.Resends));
        Assert.False(session.HasPending);
    }
}
