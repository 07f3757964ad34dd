using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sailfish.Client;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Protocol.Bodies;

namespace Sailfish.IntegrationTests.Client;

/// <summary>The client library against the real server.</summary>
public sealed class ClientTests
{
    private const string Unlimited = "Limits:MessagesPerSecond=0";

    [Theory]
    [InlineData("tcp")]
    [InlineData("ws")]
    [InlineData("ws+binary")]
    public async Task Messages_pass_both_ways_over_each_transport(string scheme)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await ClientHarness.ConnectAsync(server, 10001, scheme);
        await using var bob = await ClientHarness.ConnectAsync(server, 10002, scheme);
        var content = "\"quoted\" 旗鱼 🐟 </script>";
        var receipt = await ann.SendAsync(10002, content).WaitAsync(Wait.Limit);
        Assert.Equal(("d:10001:10002", 1), (receipt.Conversation, receipt.Seq));
        Assert.Equal([content], await bob.TakeAsync(1));
        await bob.SendAsync(10001, "back").WaitAsync(Wait.Limit);
        Assert.Equal(["back"], await ann.TakeAsync(1));

        await ann.JoinAsync(7).WaitAsync(Wait.Limit);
        Assert.Equal(2, (await bob.JoinAsync(7).WaitAsync(Wait.Limit)).Viewers);
        await ann.SendToRoomAsync(7, content).WaitAsync(Wait.Limit);
        Assert.Equal([content], await bob.TakeAsync(1));
        Assert.Empty(await ann.RestAsync());
        Assert.Empty(await bob.RestAsync());
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("ws")]
    public async Task Guest_reads_a_living_room_and_is_told_that_he_may_not_write(string scheme)
    {
        await using var server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        await using var anchors = await anchor.ConnectAsync(room);
        await using var guest = ClientHarness.Make(server, GuestSteps.NewGuest(), scheme, changeToken: GuestSteps.OfGuest);
        await guest.ConnectAsync().WaitAsync(Wait.Limit);
        Assert.Equal(2, (await guest.JoinAsync(room).WaitAsync(Wait.Limit)).Viewers);
        await guest.CatchUpAsync().WaitAsync(Wait.Limit);
        await anchors.ChatInRoomAsync(room, "hello");
        Assert.Equal(["hello"], await guest.TakeAsync(1));
        foreach (var sending in new[] { guest.SendToRoomAsync(room, "x"), guest.SendAsync(anchor.UserId, "x") })
            Assert.Equal(ErrorWords.Guest, (await Assert.ThrowsAsync<SailfishException>(() => sending.WaitAsync(Wait.Limit))).Error);
        await guest.LeaveAsync(room).WaitAsync(Wait.Limit);
        Assert.Equal(SailfishState.Online, guest.State);
    }

    [Fact]
    public async Task Token_of_a_wrong_signature_throws_bad_token()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var client = ClientHarness.Make(server, 10001, secret: new string('x', 43));
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => client.ConnectAsync().WaitAsync(Wait.Limit));
        Assert.Equal(ErrorWords.BadToken, thrown.Error);
    }

    [Theory]
    [InlineData("tcps", "TcpTls")]
    [InlineData("wss", "WebSocketTls")]
    public async Task Over_TLS_the_certificate_is_judged_first(string scheme, string setting)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12, "pass"));
        await using var server = await ServerProcess.StartAsync(
            $"Gateway:{setting}:CertificateFile={file}", $"Gateway:{setting}:Password=pass");
        File.Delete(file);

        await using var client = ClientHarness.MakeSecure(server, 10001, scheme, shown => shown.Thumbprint == certificate.Thumbprint);
        await client.ConnectAsync().WaitAsync(Wait.Limit);
        Assert.Equal(1, (await client.SendAsync(10002, "sealed").WaitAsync(Wait.Limit)).Seq);
        await using var wary = ClientHarness.MakeSecure(server, 10002, scheme, _ => false);
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => wary.ConnectAsync().WaitAsync(Wait.Limit));
        Assert.Equal(ClientErrors.Unreachable, thrown.Error);
    }

    [Fact]
    public async Task Offline_messages_come_once_and_in_order_over_many_pages()
    {
        await using var server = await ServerProcess.StartAsync(Unlimited);
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await using var carl = await ClientHarness.ConnectAsync(server, 10003);
        await Task.WhenAll(ClientHarness.Numbers(1, 700).Select(text => ann.SendAsync(10002, text))).WaitAsync(Wait.Limit);
        await Task.WhenAll(ClientHarness.Numbers(1, 300).Select(text => carl.SendAsync(10002, text))).WaitAsync(Wait.Limit);

        // Twice the capacity: the reader takes them as it goes.
        var bob = await ClientHarness.ConnectAsync(server, 10002, inboxCapacity: 100);
        Dictionary<long, List<string>> bySender = [];
        await foreach (var message in bob.Messages().Take(1000))
            (bySender.TryGetValue(message.SenderId, out var list) ? list : bySender[message.SenderId] = []).Add(message.Content!);
        Assert.Equal(ClientHarness.Numbers(1, 700), bySender[10001]);
        Assert.Equal(ClientHarness.Numbers(1, 300), bySender[10003]);
        Assert.Empty(await bob.RestAsync());
        Assert.Empty(await (await ClientHarness.ConnectAsync(server, 10002)).RestAsync());
    }

    [Fact]
    public async Task Pull_that_the_server_refuses_for_its_rate_is_whole_in_the_end()
    {
        await using var server = await ServerProcess.StartAsync(Unlimited, "Limits:SyncsPerSecond=4", "Limits:SyncsBurst=1");
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await using var carl = await ClientHarness.ConnectAsync(server, 10003);
        await Task.WhenAll(ClientHarness.Numbers(1, 300).Select(text => ann.SendAsync(10002, text))).WaitAsync(Wait.Limit);
        await Task.WhenAll(ClientHarness.Numbers(1, 300).Select(text => carl.SendAsync(10002, text))).WaitAsync(Wait.Limit);
        await using var bob = await ClientHarness.ConnectAsync(server, 10002, inboxCapacity: 150);
        await ann.SendAsync(10002, "301").WaitAsync(Wait.Limit);
        var taken = await bob.TakeAsync(601);
        Assert.Equal(ClientHarness.Numbers(1, 301).Concat(ClientHarness.Numbers(1, 300)).Order(), taken.Order());
        Assert.Empty(await bob.RestAsync());
    }

    [Fact]
    public async Task Two_sends_with_one_id_are_one_message_and_both_end()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await using var bob = await ClientHarness.ConnectAsync(server, 10002);
        using var giveUp = new CancellationTokenSource();
        var first = ann.SendAsync(10002, "once", "one-id", giveUp.Token);
        var second = ann.SendAsync(10002, "once", "one-id");
        await giveUp.CancelAsync();
        Assert.Equal(1, (await second.WaitAsync(Wait.Limit)).Seq);
        await Task.WhenAny(first).WaitAsync(Wait.Limit);
        Assert.Equal(1, (await ann.SendAsync(10002, "once", "one-id").WaitAsync(Wait.Limit)).Seq);
        Assert.Equal(["once"], await bob.TakeAsync(1));
        Assert.Empty(await bob.RestAsync());
    }

    [Fact]
    public async Task Sends_over_the_rate_limit_are_all_stored_in_order()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=100", "Limits:MessagesBurst=20");
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await using var bob = await ClientHarness.ConnectAsync(server, 10002);
        var receipts = await Task.WhenAll(ClientHarness.Numbers(1, 150).Select(text => ann.SendAsync(10002, text))).WaitAsync(Wait.Limit);
        Assert.Equal(Enumerable.Range(1, 150).Select(seq => (long)seq), receipts.Select(receipt => receipt.Seq).Order());
        Assert.Equal(150, (await bob.TakeAsync(150)).Distinct().Count());
    }

    [Fact]
    public async Task Server_that_is_killed_while_messages_flow_loses_and_doubles_nothing()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync(Unlimited);
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await using var bob = await ClientHarness.ConnectAsync(server, 10002);
        await ann.JoinAsync(7).WaitAsync(Wait.Limit);
        await using var carl = await ClientHarness.ConnectAsync(server, 10003, "ws");
        await carl.JoinAsync(7).WaitAsync(Wait.Limit);
        var texts = ClientHarness.Numbers(1, 600);
        var direct = texts.Select(text => ann.SendAsync(10002, text)).ToList();
        var room = texts.Select(text => ann.SendToRoomAsync(7, text)).ToList();
        await direct[50].WaitAsync(Wait.Limit);
        await server.KillAsync();
        await server.StartAgainAsync();

        var toBob = bob.TakeAsync(600);
        var toCarl = carl.TakeAsync(600);
        Assert.Equal(texts, await toBob);
        Assert.Equal(texts, await toCarl);
        var seqs = (await Task.WhenAll(direct.Concat(room)).WaitAsync(TimeSpan.FromSeconds(60))).GroupBy(receipt => receipt.Conversation);
        foreach (var conversation in seqs)
            Assert.Equal(Enumerable.Range(1, 600).Select(seq => (long)seq), conversation.Select(receipt => receipt.Seq));
        Assert.Empty(await bob.RestAsync());
        Assert.Empty(await carl.RestAsync());
        Assert.Empty(await ann.RestAsync());
    }

    [Fact]
    public async Task Server_that_stops_in_order_is_come_back_to()
    {
        await using var server = await ClientHarness.StartOnFixedPortsAsync();
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await using var bob = await ClientHarness.ConnectAsync(server, 10002, "ws");
        ConcurrentQueue<string?> reasons = new();
        ann.StateChanged += (_, change) => reasons.Enqueue(change.Reason);
        Assert.Equal(0, await server.StopAsync());
        var send = ann.SendAsync(10002, "while it was away");
        await server.StartAgainAsync();
        await send.WaitAsync(Wait.Limit);
        Assert.Equal(["while it was away"], await bob.TakeAsync(1));
        await Wait.UntilAsync(() => reasons.Contains(ByeReason.Draining.Word));
    }

    [Fact]
    public async Task Room_history_comes_before_what_follows()
    {
        await using var server = await ServerProcess.StartAsync(Unlimited);
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await ann.JoinAsync(7).WaitAsync(Wait.Limit);
        await Task.WhenAll(ClientHarness.Numbers(1, 50).Select(text => ann.SendToRoomAsync(7, text))).WaitAsync(Wait.Limit);
        await using var bob = await ClientHarness.ConnectAsync(server, 10002);
        var more = ClientHarness.Numbers(51, 100).Select(text => ann.SendToRoomAsync(7, text)).ToList();
        var info = await bob.JoinAsync(7, history: 20).WaitAsync(Wait.Limit);
        await Task.WhenAll(more).WaitAsync(Wait.Limit);
        var first = (int)info.Seq - 19;
        Assert.Equal(ClientHarness.Numbers(first, 151 - first), await bob.TakeAsync(151 - first));
        Assert.Empty(await bob.RestAsync());
    }

    [Fact]
    public async Task Slow_reader_of_a_busy_room_gets_all_in_order()
    {
        await using var server = await ServerProcess.StartAsync(Unlimited);
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await using var bob = await ClientHarness.ConnectAsync(server, 10002, inboxCapacity: 16);
        await ann.JoinAsync(7).WaitAsync(Wait.Limit);
        await bob.JoinAsync(7).WaitAsync(Wait.Limit);
        var texts = ClientHarness.Numbers(1, 1000);
        await Task.WhenAll(texts.Select(text => ann.SendToRoomAsync(7, text))).WaitAsync(Wait.Limit);
        Assert.Equal(texts, await bob.TakeAsync(1000));
    }

    [Fact]
    public async Task Two_talkers_at_once_see_the_same_order_and_no_own_echo()
    {
        await using var server = await ServerProcess.StartAsync(Unlimited);
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await using var bob = await ClientHarness.ConnectAsync(server, 10002, "ws");
        foreach (var client in new[] { ann, bob })
            await client.JoinAsync(7).WaitAsync(Wait.Limit);
        var texts = ClientHarness.Numbers(1, 300);
        var sends = texts.SelectMany(text => new[] { ann.SendToRoomAsync(7, $"a{text}"), bob.SendToRoomAsync(7, $"b{text}") }).ToList();
        sends.AddRange(texts.SelectMany(text => new[] { ann.SendAsync(10002, $"da{text}"), bob.SendAsync(10001, $"db{text}") }));
        await Task.WhenAll(sends).WaitAsync(Wait.Limit);
        var toAnn = await ann.TakeAsync(600);
        var toBob = await bob.TakeAsync(600);
        Assert.Equal(texts.Select(text => $"b{text}"), toAnn.Where(text => text[0] == 'b'));
        Assert.Equal(texts.Select(text => $"db{text}"), toAnn.Where(text => text[0] == 'd'));
        Assert.Equal(texts.Select(text => $"a{text}"), toBob.Where(text => text[0] == 'a'));
        Assert.Equal(texts.Select(text => $"da{text}"), toBob.Where(text => text[0] == 'd'));
        Assert.Empty(await ann.RestAsync());
        Assert.Empty(await bob.RestAsync());
    }

    [Fact]
    public async Task Own_messages_of_another_device_come_in_their_place()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var phone = await ClientHarness.ConnectAsync(server, 10001);
        await using var tablet = await ClientHarness.ConnectAsync(server, 10001, "ws");
        await using var bob = await ClientHarness.ConnectAsync(server, 10002);
        await phone.SendAsync(10002, "1").WaitAsync(Wait.Limit);
        await bob.SendAsync(10001, "2").WaitAsync(Wait.Limit);
        await tablet.SendAsync(10002, "3").WaitAsync(Wait.Limit);
        await bob.SendAsync(10001, "4").WaitAsync(Wait.Limit);
        Assert.Equal(["1", "2", "4"], await tablet.TakeAsync(3));
        Assert.Equal(["2", "3", "4"], await phone.TakeAsync(3));
    }

    [Fact]
    public async Task Kick_closes_for_good()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        var closed = new TaskCompletionSource<string>();
        ann.Closed += (_, end) => closed.TrySetResult(end.Reason);
        await server.Http.PostAsJsonAsync("api/v1/users/10001/kick", new { reason = "enough" });
        Assert.Equal(ByeReason.Kicked.Word, await closed.Task.WaitAsync(Wait.Limit));
        Assert.Equal(SailfishState.Closed, ann.State);
    }

    [Fact]
    public async Task Removal_from_a_room_is_told()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await ClientHarness.ConnectAsync(server, 10001);
        await ann.JoinAsync(7).WaitAsync(Wait.Limit);
        var left = new TaskCompletionSource<RoomLeftEventArgs>();
        ann.RoomLeft += (_, end) => left.TrySetResult(end);
        await server.Http.PostAsJsonAsync("api/v1/rooms/7/kick", new { userId = 10001, seconds = 60 });
        var end = await left.Task.WaitAsync(Wait.Limit);
        Assert.Equal(("removed", 60_000), (end.Reason, end.RetryAfterMs));
        var thrown = await Assert.ThrowsAsync<SailfishException>(() => ann.SendToRoomAsync(7, "x").WaitAsync(Wait.Limit));
        Assert.Equal(ErrorWords.NotJoined, thrown.Error);
        thrown = await Assert.ThrowsAsync<SailfishException>(() => ann.JoinAsync(7).WaitAsync(Wait.Limit));
        Assert.Equal(ErrorWords.Banned, thrown.Error);
    }
}
