using System.Globalization;
using Sailfish.Client;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Client;

public sealed class SendTests
{
    private const string Direct = "d:10001:10002";

    [Fact]
    public async Task Sends_without_a_receipt_go_again_over_the_next_connection_with_the_same_ids_in_order()
    {
        await using var server = new FakeServer();
        var (client, first) = await server.ConnectAsync();
        await using var _ = client;
        var sends = Enumerable.Range(0, 5).Select(i => client.SendAsync(10002, $"{i}")).ToList();
        await first.AnswerMessageAsync(Direct, 1);
        List<string?> ids = [];
        for (var i = 1; i < 5; i++)
            ids.Add((await first.NextAsync(FrameCode.Message)).Text("clientMsgId"));
        await sends[0].WaitAsync(FakeServer.Patience);
        first.Cut();

        var second = await server.AcceptLoginAsync();
        for (var i = 1; i < 5; i++)
        {
            var again = await second.AnswerMessageAsync(Direct, i + 1);
            Assert.Equal((ids[i - 1], i.ToString(CultureInfo.InvariantCulture)), (again.Text("clientMsgId"), again.Content));
        }

        var receipts = await Task.WhenAll(sends).WaitAsync(FakeServer.Patience);
        Assert.Equal([1, 2, 3, 4, 5], receipts.Select(receipt => receipt.Seq));
        Assert.Equal(0, client.PendingCount);
    }

    [Fact]
    public async Task Send_while_the_connection_is_away_goes_over_the_next()
    {
        await using var server = new FakeServer();
        var (client, first) = await server.ConnectAsync();
        await using var _ = client;
        first.Cut();
        await Wait.UntilAsync(() => client.State == SailfishState.Reconnecting);
        var send = client.SendAsync(10002, "later", "my-id");
        var second = await server.AcceptLoginAsync();
        Assert.Equal("my-id", (await second.AnswerMessageAsync(Direct, 9)).Text("clientMsgId"));
        Assert.Equal(9, (await send.WaitAsync(FakeServer.Patience)).Seq);
    }

    [Fact]
    public async Task Refused_send_throws_the_servers_word()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var send = client.SendAsync(10002, "rude");
        var message = await peer.NextAsync(FrameCode.Message);
        await peer.SendAsync(FrameCode.Error, new { error = "content_refused", message = "Not here.", clientMsgId = message.Text("clientMsgId") });
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => send.WaitAsync(FakeServer.Patience));
        Assert.Equal(ErrorWords.ContentRefused, thrown.Error);
    }

    [Fact]
    public async Task Rate_limited_sends_go_again_by_themselves_in_order()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var sends = Enumerable.Range(0, 4).Select(i => client.SendAsync(10002, $"{i}")).ToList();
        for (var i = 0; i < 4; i++)
        {
            var message = await peer.NextAsync(FrameCode.Message);
            await peer.SendAsync(FrameCode.Error, new { error = "rate_limited", clientMsgId = message.Text("clientMsgId"), retryAfterMs = 30 });
        }

        for (var i = 0; i < 4; i++)
            Assert.Equal($"{i}", (await peer.AnswerMessageAsync(Direct, i + 1)).Content);
        await Task.WhenAll(sends).WaitAsync(FakeServer.Patience);
    }

    [Fact]
    public async Task Rate_limit_without_end_throws_after_a_bounded_number_of_tries()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(options => options with { RateLimitRetries = 2 });
        await using var _ = client;
        var send = client.SendAsync(10002, "x");
        for (var i = 0; i < 3; i++)
        {
            var message = await peer.NextAsync(FrameCode.Message);
            await peer.SendAsync(FrameCode.Error, new { error = "rate_limited", clientMsgId = message.Text("clientMsgId"), retryAfterMs = 5 });
        }

        var thrown = await Assert.ThrowsAsync<SailfishException>(() => send.WaitAsync(FakeServer.Patience));
        Assert.Equal((ErrorWords.RateLimited, 5), (thrown.Error, thrown.RetryAfterMs));
    }

    [Fact]
    public async Task No_receipt_in_time_throws_and_is_not_sent_again()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(options => options with { ReceiptTimeout = TimeSpan.FromMilliseconds(100) });
        await using var _ = client;
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => client.SendAsync(10002, "x").WaitAsync(FakeServer.Patience));
        Assert.Equal(ClientErrors.ReceiptTimeout, thrown.Error);
        Assert.Equal(0, client.PendingCount);
    }

    [Fact]
    public async Task Two_sends_with_one_id_both_end_whichever_gives_up_first()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(options => options with { ReceiptTimeout = Timeout.InfiniteTimeSpan });
        await using var _ = client;
        using var giveUp = new CancellationTokenSource();
        var first = client.SendAsync(10002, "x", "same", giveUp.Token);
        var second = client.SendAsync(10002, "x", "same");
        await peer.NextAsync(FrameCode.Message);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await peer.SendReceiptAsync("same", Direct, 1);
        Assert.Equal(1, (await second.WaitAsync(FakeServer.Patience)).Seq);
        Assert.Equal(0, client.PendingCount);
    }

    [Fact]
    public async Task One_id_in_two_conversations_is_two_messages_whose_answers_are_told_apart()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        var sends = new[] { 10002, 10003, 10004 }.Select(to => client.SendAsync(to, $"to {to}", "same")).ToList();
        var toRoom = client.SendToRoomAsync(7, "to the room", "same");
        Assert.Equal("to 10002", (await peer.AnswerMessageAsync(Direct, 1)).Content);
        Assert.Equal("to 10003", (await peer.NextAsync(FrameCode.Message)).Content);
        // A late one, of a message that nobody waits for any more.
        await peer.SendReceiptAsync("same", Direct, 1);
        await peer.SendAsync(FrameCode.Error, new { error = "content_refused", message = "Not here.", clientMsgId = "same" });
        Assert.Equal("to 10004", (await peer.AnswerMessageAsync("d:10001:10004", 1)).Content);
        Assert.Equal("to the room", (await peer.AnswerMessageAsync("r:7", 1)).Content);
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => sends[1].WaitAsync(FakeServer.Patience));
        Assert.Equal(ErrorWords.ContentRefused, thrown.Error);
        var receipts = await Task.WhenAll(sends[0], sends[2], toRoom).WaitAsync(FakeServer.Patience);
        Assert.Equal([Direct, "d:10001:10004", "r:7"], receipts.Select(receipt => receipt.Conversation));
        Assert.Equal(0, client.PendingCount);
    }

    [Fact]
    public async Task Send_that_is_given_up_leaves_its_place_to_the_next()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(options => options with { MaxInFlight = 1 });
        await using var _ = client;
        using var giveUp = new CancellationTokenSource();
        var first = client.SendAsync(10002, "first", cancellationToken: giveUp.Token);
        await peer.NextAsync(FrameCode.Message);
        var second = client.SendAsync(10002, "second");
        await giveUp.CancelAsync();
        Assert.Equal("second", (await peer.AnswerMessageAsync(Direct, 1)).Content);
        await second.WaitAsync(FakeServer.Patience);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task Echo_in_the_reading_loop_does_not_lock_up_with_a_full_inbox()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync(options => options with { InboxCapacity = 2 });
        await using var _ = client;
        for (var seq = 1; seq <= 10; seq++)
            await peer.PushAsync("d:10001:10002", seq);
        await using var messages = client.Messages().GetAsyncEnumerator();
        Assert.True(await messages.MoveNextAsync());
        var echo = client.SendAsync(10002, "echo");
        await peer.AnswerMessageAsync("d:10001:10002", 11);
        await echo.WaitAsync(FakeServer.Patience);
    }

    [Fact]
    public async Task Message_larger_than_a_frame_is_refused_here()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(10002, new string('x', 70_000)));
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(10002, "x", new string('i', 65)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.SendAsync(5, "x"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.SendAsync(FakeServer.UserId, "to myself"));
    }

    [Fact]
    public async Task Text_that_cannot_be_sent_as_it_is_is_refused_here()
    {
        await using var server = new FakeServer();
        await using var client = server.Client();
        foreach (var wrong in new[] { "nul \0", "half \ud83d", "half \udc1f 🐟", "\udc1f\ud83d" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(10002, wrong));
            await Assert.ThrowsAsync<ArgumentException>(() => client.SendToRoomAsync(7, wrong));
            await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(10002, "🐟", wrong));
        }
    }

    [Fact]
    public async Task Own_message_that_comes_by_sync_before_its_receipt_completes_the_send()
    {
        await using var server = new FakeServer();
        var (client, peer) = await server.ConnectAsync();
        await using var _ = client;
        await peer.PushAsync(Direct, 1);
        var send = client.SendAsync(10002, "mine", "own-1");
        await peer.NextAsync(FrameCode.Message);
        await peer.PushAsync(Direct, 3);
        var own = new
        {
            userId = 10001,
            appId = 10001,
            bizCode = 5555,
            msgId = "own",
            clientMsgId = "own-1",
            conversation = Direct,
            seq = 2,
            time = 5,
            data = """{"content":"mine","userId":10001,"senderId":10001,"objectId":10002}""",
        };
        await peer.AnswerSyncAsync([own, FakePeer.Message(Direct, 3)]);
        Assert.Equal(("own", 2), ((await send.WaitAsync(FakeServer.Patience)).MsgId, (await send).Seq));
        Assert.Equal(["m1", "m3"], await client.TakeAsync(2));
    }
}
