using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Sessions;

public sealed class UserPaceTableTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Whoever_comes_back_has_no_more_than_before()
    {
        var table = Table(new LimitsOptions { MessagesPerSecond = 10, MessagesBurst = 4 });
        var taken = 0;
        for (var round = 0; round < 10; round++)
        {
            var session = Fakes.Session(10001, _time);
            while (table.TryMessage(session, 1, out _))
                taken++;
            UserPaceTable.Leave(session);
            table.Sweep();
        }

        Assert.Equal(4, taken);
        Assert.True(table.TryMessage(Fakes.Session(10002, _time), 1, out _));
    }

    [Fact]
    public void Sessions_of_one_user_share_every_pace()
    {
        var table = Table(new LimitsOptions { SyncsBurst = 3, JoinsBurst = 3, MessagesBurst = 3, NewConversationsPerHour = 3 });
        var sessions = Enumerable.Range(0, 10).Select(_ => Fakes.Session(10001, _time)).ToList();
        var peer = 20000;
        Assert.Equal(3, sessions.Count(s => table.TrySync(s, 0, out _)));
        Assert.Equal(3, sessions.Count(s => table.TryJoin(s, out _)));
        Assert.Equal(3, sessions.Count(s => table.TryMessage(s, 1, out _)));
        Assert.Equal(3, sessions.Count(s => table.TryOpen(s, ConversationKey.Direct(1, 10001, peer++), out _)));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void A_message_takes_its_bytes_or_nothing()
    {
        var table = Table(new LimitsOptions { MessagesPerSecond = 1, MessagesBurst = 2, BytesPerSecond = 1000, BytesBurst = 1000 });
        var session = Fakes.Session(10001, _time);
        Assert.True(table.TryMessage(session, 900, out _));
        Assert.False(table.TryMessage(session, 600, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(500), wait);
        // The refusal took neither the bytes nor the message.
        Assert.True(table.TryMessage(session, 100, out _));
        Assert.False(table.TryMessage(session, 1, out _));
    }

    [Fact]
    public void What_is_given_back_can_be_taken_again_and_no_more_than_it()
    {
        var table = Table(new LimitsOptions { MessagesPerSecond = 1, MessagesBurst = 2, BytesPerSecond = 1000, BytesBurst = 1000 });
        var session = Fakes.Session(10001, _time);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(table.TryMessage(session, 1000, out _));
            table.GiveBackMessage(session, 1000);
        }

        Assert.True(table.TryMessage(session, 500, out _));
        Assert.True(table.TryMessage(session, 500, out _));
        Assert.False(table.TryMessage(session, 1, out _));
    }

    [Fact]
    public void What_is_larger_than_all_that_may_come_at_once_waits_for_all_of_it()
    {
        var table = Table(new LimitsOptions { BytesPerSecond = 1000, BytesBurst = 1000 });
        var session = Fakes.Session(10001, _time);
        Assert.True(table.TryMessage(session, 50_000, out _));
        Assert.False(table.TryMessage(session, 50_000, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(1), wait);
        _time.Advance(wait);
        Assert.True(table.TryMessage(session, 50_000, out _));
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(9, 200)]
    [InlineData(10, 100)]
    [InlineData(99, 20)]
    [InlineData(100, 18)]
    public void A_SYNC_weighs_one_more_for_each_ten_conversations(int conversations, int allowed)
    {
        var table = Table(new LimitsOptions());
        var session = Fakes.Session(10001, _time);
        Assert.Equal(allowed, Enumerable.Range(0, 300).Count(i => table.TrySync(session, conversations, out _)));
    }

    [Fact]
    public void A_conversation_is_opened_once_however_many_messages_are_on_their_way()
    {
        var table = Table(new LimitsOptions { NewConversationsPerHour = 2 });
        var session = Fakes.Session(10001, _time);
        for (var i = 0; i < 100; i++)
            Assert.True(table.TryOpen(session, ConversationKey.Direct(1, 10001, 10002), out _));
        Assert.True(table.TryOpen(session, ConversationKey.Direct(1, 10001, 10003), out _));
        Assert.False(table.TryOpen(session, ConversationKey.Direct(1, 10001, 10004), out var wait));
        Assert.Equal(TimeSpan.FromMinutes(30), wait);
        _time.Advance(wait);
        Assert.True(table.TryOpen(session, ConversationKey.Direct(1, 10001, 10004), out _));
    }

    [Theory]
    [InlineData(20, null, null, true, true)]
    [InlineData(0, null, null, false, false)]
    [InlineData(0, 1000, 5, true, true)]
    [InlineData(20, null, 0, true, false)]
    public void Without_a_rate_of_messages_what_is_not_set_is_off(int messages, int? bytes, int? conversations, bool limitsMessages, bool limitsConversations)
    {
        var table = Table(new LimitsOptions { MessagesPerSecond = messages, BytesPerSecond = bytes, NewConversationsPerHour = conversations });
        Assert.Equal((limitsMessages, limitsConversations), (table.LimitsMessages, table.LimitsNewConversations));
    }

    [Fact]
    public void Who_asks_for_nothing_any_more_is_forgotten_and_who_is_there_is_not()
    {
        var table = Table(new LimitsOptions());
        var (gone, there) = (Fakes.Session(10001, _time), Fakes.Session(10002, _time));
        Assert.True(table.TrySync(gone, 0, out _) && table.TrySync(there, 0, out _));
        UserPaceTable.Leave(gone);
        table.Sweep();
        Assert.Equal(2, table.Count);
        _time.Advance(TimeSpan.FromSeconds(11));
        table.Sweep();
        Assert.Equal(1, table.Count);
        Assert.True(table.TrySync(Fakes.Session(10001, _time), 0, out _));
    }

    [Fact]
    public async Task A_user_that_is_let_go_of_while_he_comes_back_has_one_entry()
    {
        var table = Table(new LimitsOptions { SyncsPerSecond = 1_000_000, SyncsBurst = 1 });
        using var stop = new CancellationTokenSource();
        var sweeping = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _time.Advance(TimeSpan.FromSeconds(11));
                table.Sweep();
            }
        });
        await Parallel.ForAsync(0, 20_000, (i, cancelled) =>
        {
            var session = Fakes.Session(10001, _time);
            table.TrySync(session, 0, out _);
            Assert.False(session.Paces!.IsGone);
            UserPaceTable.Leave(session);
            return ValueTask.CompletedTask;
        });
        await stop.CancelAsync();
        await sweeping;
        _time.Advance(TimeSpan.FromSeconds(11));
        table.Sweep();
        Assert.Equal(0, table.Count);
    }

    private UserPaceTable Table(LimitsOptions options) => new(Options.Create(options), _time);
}
