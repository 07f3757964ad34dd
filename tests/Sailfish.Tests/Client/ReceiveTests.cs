using System.Buffers;
using System.Text.Json;
using Sailfish.Client;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Client;

public sealed class ReceiveTests
{
    private const string Direct = "d:10001:10002";
    private const string Elsewhere = "d:10001:10003";

    [Fact]
    public async Task Offline_messages_are_pulled_page_by_page_and_acked_before_the_next_page()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        var pull = await peer.AnswerSyncAsync(Messages(Direct, 1, 3), more: true);
        Assert.Null(pull.After);
        await AckedUpToAsync(peer, 3);
        await peer.AnswerSyncAsync(Messages(Direct, 4, 5));
        Assert.Equal(["m1", "m2", "m3", "m4", "m5"], await client.TakeAsync(5));
        await AckedUpToAsync(peer, 5);
    }

    [Fact]
    public async Task Catching_up_waits_for_the_last_page_and_what_was_asked_for_before()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        var catchUp = client.CatchUpAsync();
        await peer.AnswerSyncAsync(Messages(Direct, 1, 2), more: true);
        await peer.AnswerSyncAsync(Messages(Direct, 3, 3));
        var barrier = await peer.NextAsync(FrameCode.Sync);
        Assert.Empty(barrier.After!);
        Assert.False(catchUp.IsCompleted);
        await peer.SendAsync(FrameCode.Sync, new { messages = Array.Empty<object>(), more = false });
        await catchUp.WaitAsync(FakeServer.Patience);
        Assert.Equal(3, (await client.TakeAsync(3)).Count);
    }

    [Theory]
    [InlineData("room_closed")]
    [InlineData("banned")]
    [InlineData("muted")]
    [InlineData("rate_limited")]
    public async Task Error_about_a_room_does_not_end_the_pull(string word)
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        await peer.PushAsync(Direct, 5);
        await peer.SendAsync(FrameCode.Error, new { error = word, message = "Not yours.", roomId = 7 });
        await peer.AnswerSyncAsync(Messages(Direct, 1, 5));
        Assert.Equal(["m1", "m2", "m3", "m4", "m5"], await client.TakeAsync(5));
        await AckedUpToAsync(peer, 5);
    }

    [Theory]
    [InlineData("bad_target")]
    [InlineData("content_refused")]
    public async Task Error_that_no_SYNC_causes_does_not_end_the_pull(string word)
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        await peer.SendAsync(FrameCode.Error, new { error = word, message = "Not yours." });
        await peer.PushAsync(Direct, 5);
        await peer.AnswerSyncAsync(Messages(Direct, 1, 4));
        Assert.Equal(["m1", "m2", "m3", "m4", "m5"], await client.TakeAsync(5));
    }

    [Theory]
    [InlineData("forbidden")]
    [InlineData("internal")]
    [InlineData("rate_limited")]
    [InlineData("a_word_of_tomorrow")]
    public async Task Refused_pull_is_tried_again(string word)
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        await peer.NextAsync(FrameCode.Sync);
        await peer.PushAsync(Direct, 5);
        await peer.SendAsync(FrameCode.Error, new { error = word, message = "Not now.", retryAfterMs = 20 });
        await peer.AnswerSyncAsync(Messages(Direct, 1, 5));
        Assert.Equal(["m1", "m2", "m3", "m4", "m5"], await client.TakeAsync(5));
    }

    [Fact]
    public async Task Guest_for_whom_nothing_can_wait_has_pulled_all_there_is()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        var catchUp = client.CatchUpAsync();
        await peer.NextAsync(FrameCode.Sync);
        await peer.SendAsync(FrameCode.Error, new { error = "guest", message = "Only rooms." });
        await peer.AnswerSyncAsync([]);
        await catchUp.WaitAsync(FakeServer.Patience);
        var join = client.JoinAsync(7);
        await peer.AnswerJoinAsync(7, seq: 0);
        await join.WaitAsync(FakeServer.Patience);
        Assert.Equal(SailfishState.Online, client.State);
    }

    [Fact]
    public async Task Pull_that_stays_refused_ends_in_single_acks_and_is_told()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        var catchUp = client.CatchUpAsync();
        await peer.PushAsync(Direct, 5);
        for (var i = 0; i < 4; i++)
        {
            await peer.NextAsync(FrameCode.Sync);
            await peer.SendAsync(FrameCode.Error, new { error = "forbidden", message = "No." });
        }

        Assert.Equal("forbidden", (await Assert.ThrowsAsync<SailfishException>(() => catchUp.WaitAsync(FakeServer.Patience))).Error);
        Assert.Equal(["m5"], await client.TakeAsync(1));
        var ack = await peer.NextAsync(FrameCode.Ack);
        Assert.Equal(($"{Direct}#5", null), (ack.Text("msgId"), ack.Text("conversation")));
    }

    [Fact]
    public async Task Room_that_closes_right_after_its_JOIN_is_closed_whatever_is_asked_then()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        await peer.AnswerSyncAsync([]);
        await JoinAsync(client, peer, 7, 0);
        var closed = ClientAssert.NextAsync<RoomClosedEventArgs>(handler => client.RoomClosed += handler);
        var join = client.JoinAsync(8);
        await peer.NextAsync(FrameCode.Join);
        await peer.SendAsync(FrameCode.Error, new { error = "room_closed", message = "The room is closed.", roomId = 7 });
        Assert.Equal(7, (await closed).RoomId);
        await peer.SendAsync(FrameCode.Join, new { roomId = 8, conversation = "r:8", seq = 0, viewers = 1 });
        Assert.Equal(8, (await join.WaitAsync(FakeServer.Patience)).RoomId);
    }

    [Fact]
    public async Task Stored_close_comes_behind_what_was_said_before_it()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        await JoinAsync(client, peer, 7, 0);
        var closed = ClientAssert.NextAsync<RoomClosedEventArgs>(handler => client.RoomClosed += handler);
        var data = """{"roomId":7,"event":"room_closed"}""";
        var close = new { userId = 10001, appId = 10001, bizCode = 5570, msgId = "close", conversation = "r:7", seq = 3, time = 5, data };
        await peer.PushAsync("r:7", 1);
        await peer.SendAsync(FrameCode.Message, close);
        var sync = await peer.AnswerSyncAsync([FakePeer.Message("r:7", 2), close]);
        Assert.Equal(1, sync.After!["r:7"]);
        Assert.Equal(["m1", "m2"], await client.TakeAsync(2));
        Assert.Equal(7, (await closed).RoomId);
        Assert.Equal(0, client.PendingCount);
    }

    [Fact]
    public async Task Gap_in_the_pushes_is_pulled_and_delivered_in_order()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        await peer.PushAsync(Direct, 1);
        await peer.PushAsync(Direct, 4);
        var sync = await peer.AnswerSyncAsync(Messages(Direct, 2, 4));
        Assert.Equal(1, sync.After![Direct]);
        await peer.PushAsync(Direct, 5);
        Assert.Equal(["m1", "m2", "m3", "m4", "m5"], await client.TakeAsync(5));
    }

    [Fact]
    public async Task Truncated_history_raises_a_gap_and_delivers_what_exists()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var gap = ClientAssert.NextAsync<GapEventArgs>(handler => client.Gap += handler);
        await peer.PushAsync(Direct, 1);
        await peer.PushAsync(Direct, 9);
        await peer.AnswerSyncAsync(Messages(Direct, 8, 9), firstSeq: new Dictionary<string, long> { [Direct] = 8 });
        Assert.Equal(["m1", "m8", "m9"], await client.TakeAsync(3));
        Assert.Equal((Direct, 2, 7), ((await gap).Conversation, (await gap).FirstMissing, (await gap).LastMissing));
    }

    [Fact]
    public async Task Gap_that_the_server_cannot_fill_is_told_after_a_few_tries()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var gap = ClientAssert.NextAsync<GapEventArgs>(handler => client.Gap += handler);
        await peer.PushAsync(Direct, 1);
        await peer.PushAsync(Direct, 3);
        for (var i = 0; i < 4; i++)
            await peer.AnswerSyncAsync([]);
        Assert.Equal(["m1", "m3"], await client.TakeAsync(2));
        Assert.Equal((2, 2), ((await gap).FirstMissing, (await gap).LastMissing));
    }

    [Fact]
    public async Task Rooms_are_joined_again_and_their_missed_messages_pulled()
    {
        await using var server = new FakeServer();
        var (client, first) = await server.ConnectAsync();
        await using var _ = client;
        await JoinAsync(client, first, 7, 10);
        await first.PushAsync("r:7", 11);
        Assert.Equal(["m11"], await client.TakeAsync(1));
        first.Cut();

        var second = await server.AcceptLoginAsync();
        await second.AnswerJoinAsync(7, 13);
        await second.PushAsync("r:7", 14);
        FakeFrame sync;
        do
            sync = await second.AnswerSyncAsync([]);
        while (sync.After is null);
        Assert.Equal(11, sync.After["r:7"]);
        await second.AnswerSyncAsync(Messages("r:7", 12, 14));
        Assert.Equal(["m12", "m13", "m14"], await client.TakeAsync(3));
    }

    [Fact]
    public async Task Join_gives_the_room_and_its_history_first()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var join = client.JoinAsync(7, history: 2);
        Assert.Equal(2, (await peer.AnswerJoinAsync(7, 10, viewers: 3)).Number("history"));
        foreach (var seq in new[] { 9, 11, 10 })
            await peer.PushAsync("r:7", seq);
        Assert.Equal(new RoomInfo(7, "r:7", 10, 3), await join.WaitAsync(FakeServer.Patience));
        Assert.Equal(["m9", "m10", "m11"], await client.TakeAsync(3));
    }

    [Fact]
    public async Task Refused_join_throws_and_is_not_repeated_after_a_reconnect()
    {
        await using var server = new FakeServer();
        var (client, first) = await server.ConnectAsync();
        await using var _ = client;
        var join = client.JoinAsync(7);
        await first.NextAsync(FrameCode.Join);
        await first.SendAsync(FrameCode.Error, new { error = "room_closed", message = "It is over.", roomId = 7 });
        Assert.Equal("room_closed", (await Assert.ThrowsAsync<SailfishException>(() => join.WaitAsync(FakeServer.Patience))).Error);
        first.Cut();
        var second = await server.AcceptLoginAsync();
        await second.AnswerSyncAsync([]);
        await client.DisposeAsync();
        Assert.DoesNotContain(await second.ReadToEndAsync(), frame => frame.Code == FrameCode.Join);
    }

    [Fact]
    public async Task Join_whose_connection_breaks_goes_over_the_next()
    {
        await using var server = new FakeServer();
        var (client, first) = await server.ConnectAsync();
        await using var _ = client;
        var join = client.JoinAsync(7);
        await first.NextAsync(FrameCode.Join);
        first.Cut();
        var second = await server.AcceptLoginAsync();
        // The pull goes first or second: one request is out at a time.
        if ((await second.NextAsync(FrameCode.Join, FrameCode.Sync)).Code == FrameCode.Sync)
        {
            await second.SendAsync(FrameCode.Sync, new { messages = Array.Empty<object>(), more = false });
            await second.NextAsync(FrameCode.Join);
        }

        await second.SendAsync(FrameCode.Join, new { roomId = 7, conversation = "r:7", seq = 3, viewers = 1 });
        Assert.Equal(3, (await join.WaitAsync(FakeServer.Patience)).Seq);
    }

    [Fact]
    public async Task Closed_room_raises_its_event_and_is_forgotten()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        await JoinAsync(client, peer, 7, 0);
        var closed = ClientAssert.NextAsync<RoomClosedEventArgs>(handler => client.RoomClosed += handler);
        await peer.PushAsync("r:7", 1);
        var data = """{"roomId":7,"event":"room_closed"}""";
        await peer.SendAsync(FrameCode.Message, new { userId = 10001, appId = 10001, bizCode = 5570, msgId = "x", data });
        Assert.Equal(7, (await closed).RoomId);
        peer.Cut();
        var second = await server.AcceptLoginAsync();
        await client.DisposeAsync();
        Assert.DoesNotContain(await second.ReadToEndAsync(), frame => frame.Code == FrameCode.Join);
        Assert.Equal(["m1"], (await client.Messages().ToListAsync()).Select(message => message.Content));
    }

    [Fact]
    public async Task Removal_from_a_room_raises_its_event()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        await JoinAsync(client, peer, 7, 0);
        var left = ClientAssert.NextAsync<RoomLeftEventArgs>(handler => client.RoomLeft += handler);
        await peer.SendAsync(FrameCode.Leave, new { roomId = 7, reason = "removed" });
        Assert.Equal((7, "removed"), ((await left).RoomId, (await left).Reason));
    }

    [Fact]
    public async Task Leave_is_answered_and_the_room_not_joined_again()
    {
        await using var server = new FakeServer();
        var (client, first) = await server.ConnectAsync();
        await using var _ = client;
        await JoinAsync(client, first, 7, 0);
        var leave = client.LeaveAsync(7);
        await first.NextAsync(FrameCode.Leave);
        await first.SendAsync(FrameCode.Leave, new { roomId = 7 });
        await leave.WaitAsync(FakeServer.Patience);
        first.Cut();
        var second = await server.AcceptLoginAsync();
        await client.DisposeAsync();
        Assert.DoesNotContain(await second.ReadToEndAsync(), frame => frame.Code == FrameCode.Join);
    }

    [Fact]
    public async Task Behind_makes_the_client_ask()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        await JoinAsync(client, peer, 7, 5);
        await peer.SendAsync(FrameCode.Error, new { error = "behind", message = "Skipped.", conversation = "r:7" });
        var sync = await peer.AnswerSyncAsync(Messages("r:7", 6, 7));
        Assert.Equal(5, sync.After!["r:7"]);
        Assert.Equal(["m6", "m7"], await client.TakeAsync(2));
    }

    [Fact]
    public async Task Room_messages_are_not_acked()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        await JoinAsync(client, peer, 7, 0);
        await peer.PushAsync("r:7", 1);
        await peer.PushAsync(Direct, 1);
        Assert.Equal(2, (await client.TakeAsync(2)).Count);
        await client.DisposeAsync();
        var acks = (await peer.ReadToEndAsync()).Where(frame => frame.Code == FrameCode.Ack).ToList();
        Assert.Equal(Direct, Assert.Single(acks).Text("conversation"));
    }

    [Fact]
    public async Task Where_reading_acknowledges_nothing_is_acked_before_the_reader_has_done_with_it()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(options => options with { AckWhenRead = true });
        await using var _ = client;
        for (var seq = 1; seq <= 3; seq++)
            await peer.PushAsync(Direct, seq);
        await using (var messages = client.Messages().GetAsyncEnumerator())
        {
            Assert.True(await messages.MoveNextAsync());
            Assert.True(await messages.MoveNextAsync());
            // The reader fails with the second in hand.
        }

        await client.DisposeAsync();
        var acks = (await peer.ReadToEndAsync()).Where(frame => frame.Code == FrameCode.Ack).Select(frame => frame.Number("seq"));
        Assert.Equal([1], acks);
    }

    [Fact]
    public async Task Where_reading_acknowledges_catching_up_waits_for_the_reader()
    {
        await using var server = new FakeServer();
        await using var client = server.Client(options => options with { AckWhenRead = true, InboxCapacity = 4 });
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        var catchUp = client.CatchUpAsync();
        await peer.AnswerSyncAsync(Messages(Direct, 1, 2), more: true);
        await using var messages = client.Messages().GetAsyncEnumerator();
        for (var i = 0; i < 2; i++)
            Assert.True(await messages.MoveNextAsync());
        var third = messages.MoveNextAsync();
        // Not before all that came is read: the server would give the same again.
        Assert.Equal(2, (await peer.NextAsync(FrameCode.Ack, FrameCode.Sync)).Number("seq") is 1 ? (await peer.NextAsync(FrameCode.Ack)).Number("seq") : 2);
        await peer.AnswerSyncAsync(Messages(Direct, 3, 3));
        Assert.True(await third);
        await peer.AnswerSyncAsync([]);
        Assert.False(catchUp.IsCompleted);
        var fourth = messages.MoveNextAsync();
        await catchUp.WaitAsync(FakeServer.Patience);
        await peer.PushAsync(Direct, 4);
        Assert.True(await fourth);
    }

    [Fact]
    public async Task What_is_left_unread_is_not_acked_and_comes_once_however_often_it_is_pulled()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(LeaveElsewhere);
        await using var _ = client;
        await peer.PushAsync(Elsewhere, 1);
        await peer.PushAsync(Direct, 1);
        await peer.PushAsync(Elsewhere, 2);
        await peer.PushAsync(Direct, 2);
        await using var messages = client.Messages().GetAsyncEnumerator();
        List<string> read = [];
        while (read.Count < 4 && await messages.MoveNextAsync())
            read.Add(messages.Current.MsgId);
        var fifth = messages.MoveNextAsync();
        await AckedUpToAsync(peer, 2);
        peer.Cut();
        var again = await server.AcceptLoginAsync();
        await again.AnswerSyncAsync([.. Messages(Elsewhere, 1, 3)]);
        Assert.True(await fifth);
        Assert.Equal([$"{Elsewhere}#1", $"{Direct}#1", $"{Elsewhere}#2", $"{Direct}#2", $"{Elsewhere}#3"], [.. read, messages.Current.MsgId]);
        await client.DisposeAsync();
        Assert.DoesNotContain(await again.ReadToEndAsync(), frame => frame.Code == FrameCode.Ack);
    }

    [Fact]
    public async Task Catching_up_says_when_what_is_left_unread_stands_before_the_rest()
    {
        await using var server = new FakeServer();
        await using var client = server.Client(LeaveElsewhere);
        var connect = client.ConnectAsync();
        var peer = await server.AcceptLoginAsync();
        await connect.WaitAsync(FakeServer.Patience);
        var catchUp = client.CatchUpAsync();
        var reading = client.Messages().Take(2).ToListAsync();
        for (var page = 0; page < 5; page++)
            await peer.AnswerSyncAsync(Messages(Elsewhere, 1, 1), more: true);
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => catchUp.WaitAsync(FakeServer.Patience));
        Assert.Equal(ClientErrors.LeftUnread, thrown.Error);
        // What is said now comes all the same.
        await peer.PushAsync(Direct, 7);
        Assert.Equal(["m1", "m7"], (await reading).Select(message => message.Content));
    }

    [Fact]
    public async Task Slow_reader_leaves_what_does_not_fit_on_the_server_and_gets_all_in_order()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(options => options with { InboxCapacity = 4 });
        await using var _ = client;
        for (var seq = 1; seq <= 20; seq++)
            await peer.PushAsync(Direct, seq);
        // The answer tells that everything before it was read.
        await JoinAsync(client, peer, 7, 0);
        using var done = new CancellationTokenSource();
        var limits = ServeSyncsAsync(peer, Direct, 20, done.Token);
        Assert.Equal(Enumerable.Range(1, 20).Select(seq => $"m{seq}"), await client.TakeAsync(20));
        await done.CancelAsync();
        Assert.All(await limits, limit => Assert.InRange(limit, 1, 4));
        Assert.NotEmpty(await limits);
    }

    [Fact]
    public async Task Frames_cut_and_glued_at_will_are_understood()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var output = new ArrayBufferWriter<byte>();
        for (var seq = 1; seq <= 3; seq++)
            BinaryFrame.Write(output, FrameCode.Message, JsonSerializer.SerializeToUtf8Bytes(FakePeer.Message(Direct, seq)));
        for (var i = 0; i < output.WrittenCount; i++)
            await peer.WriteAsync(output.WrittenMemory.Slice(i, 1));
        Assert.Equal(["m1", "m2", "m3"], await client.TakeAsync(3));
    }

    [Fact]
    public async Task Message_carries_who_where_and_when()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        await peer.PushAsync(Direct, 1, from: 10002);
        await using var messages = client.Messages().GetAsyncEnumerator();
        Assert.True(await messages.MoveNextAsync().AsTask().WaitAsync(FakeServer.Patience));
        var message = messages.Current;
        Assert.Equal((10002, "Ann", "m1", 5555), (message.SenderId, message.SenderName, message.Content, message.BizCode));
        Assert.Equal((Direct, 1, 10001, null), (message.Conversation, message.Seq, message.ObjectId, message.RoomId));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000), message.Time);
    }

    /// <summary>Answers SYNCs of a conversation of <paramref name="newest"/> messages; gives the limits asked for.</summary>
    private static async Task<List<long>> ServeSyncsAsync(FakePeer peer, string conversation, long newest, CancellationToken done)
    {
        List<long> limits = [];
        while (await peer.TryNextAsync(FrameCode.Sync, done) is { } sync)
        {
            var after = sync.After![conversation];
            limits.Add(sync.Number("limit")!.Value);
            var last = Math.Min(newest, after + limits[^1]);
            await peer.SendAsync(FrameCode.Sync, new { messages = Messages(conversation, after + 1, last), more = last < newest });
        }

        return limits;
    }

    /// <summary>Reads acks up to the seq; a SYNC before it would be too early.</summary>
    private static async Task AckedUpToAsync(FakePeer peer, long seq)
    {
        FakeFrame frame;
        do
        {
            frame = await peer.NextAsync(FrameCode.Ack, FrameCode.Sync);
            Assert.Equal((FrameCode.Ack, Direct), (frame.Code, frame.Text("conversation")));
        }
        while (frame.Number("seq") != seq);
    }

    private static async Task JoinAsync(SailfishClient client, FakePeer peer, long roomId, long seq)
    {
        var join = client.JoinAsync(roomId);
        await peer.AnswerJoinAsync(roomId, seq);
        await join.WaitAsync(FakeServer.Patience);
    }

    private static FakeServer.Options LeaveElsewhere(FakeServer.Options options) =>
        options with { AckWhenRead = true, AckFilter = message => message.Conversation != Elsewhere };

    private static object[] Messages(string conversation, long first, long last)
    {
        List<object> messages = [];
        for (var seq = first; seq <= last; seq++)
            messages.Add(FakePeer.Message(conversation, seq));
        return [.. messages];
    }
}
