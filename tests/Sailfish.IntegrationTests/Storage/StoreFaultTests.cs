using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>A request that the store fails is answered, and the connection goes on.</summary>
public sealed class StoreFaultTests
{
    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.WebSocketBinary)]
    [InlineData(Transport.WebSocketJson)]
    [InlineData(Transport.WebSocketLegacy)]
    public async Task A_request_that_fails_is_answered_a_message_by_not_stored_and_the_next_one_works(Transport transport)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001, transport);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        await bob.ChatAndReceiptAsync(10001, "hello");
        await ann.ReceiveAsync(Code.Message);
        server.Sql("ALTER TABLE conversation RENAME TO conversation_away");

        await ann.SendAsync(Code.Sync, new JsonObject());
        Assert.Equal(("internal", null, null), Answer(await ann.ReceiveAsync(Code.Error)));
        await ann.SendAsync(Code.Join, new JsonObject { ["roomId"] = 8 });
        Assert.Equal(("internal", null, 8L), Answer(await ann.ReceiveAsync(Code.Error)));
        // Whether it begins a conversation is a question to the store.
        await ann.ChatAsync(10003, "x", "c1");
        Assert.Equal(("not_stored", "c1", null), Answer(await ann.ReceiveAsync(Code.Error)));
        Assert.Empty(await ann.FlushAsync());

        server.Sql("ALTER TABLE conversation_away RENAME TO conversation");
        await ann.SendAsync(Code.Sync, new JsonObject());
        Assert.Single((await ann.ReceiveAsync(Code.Sync)).Body["messages"]!.AsArray());

        // The JOIN that failed has left nothing behind.
        Assert.Equal(0, (await server.GetAsync("api/v1/rooms/8"))["viewers"]!.GetValue<int>());
        await ann.ChatInRoomAsync(8, "x", "c2");
        Assert.Equal("not_joined", (await ann.ReceiveAsync(Code.Error)).Text("error"));
        await ann.JoinAsync(8);
        await ann.ChatInRoomAsync(8, "x", "c2");
        Assert.Equal("c2", (await ann.ReceiveAsync(Code.Receipt)).Text("clientMsgId"));
    }

    [Fact]
    public async Task A_JOIN_of_the_legacy_path_that_fails_leaves_the_session_open()
    {
        await using var server = await ServerProcess.StartAsync();
        server.Sql("ALTER TABLE conversation RENAME TO conversation_away");
        await using var client = await TestClient.LogInAsync(server, 10001, Transport.WebSocketLegacy, legacyRoom: 8);
        Assert.Equal(("internal", null, 8L), Answer(await client.ReceiveAsync(Code.Error)));
        Assert.Empty(await client.FlushAsync());
    }

    [Fact]
    public async Task Acks_of_what_is_known_or_cannot_be_ask_the_store_once()
    {
        await using var server = await ServerProcess.StartAsync();
        await using (var bob = await TestClient.LogInAsync(server, 10002))
        {
            await bob.ChatAndReceiptAsync(10001, "one");
            await bob.ChatAndReceiptAsync(10001, "two");
            await bob.ChatAndReceiptAsync(10003, "three");
        }

        // Nothing is in memory after it.
        await server.StopAsync();
        await server.StartAgainAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await ann.SendAsync(Code.Sync, new JsonObject());
        var first = (await ann.ReceiveAsync(Code.Sync)).Body["messages"]![0]!["msgId"]!.GetValue<string>();
        await ann.SendAsync(Code.Ack, new JsonObject { ["msgId"] = first });
        await ann.SendAsync(Code.Ack, new JsonObject { ["conversation"] = "d:10001:10002", ["seq"] = 1 });
        await ann.SendAsync(Code.Ack, new JsonObject { ["conversation"] = "d:10001:10009", ["seq"] = 1 });
        Assert.Empty(await ann.FlushAsync());

        server.Sql("ALTER TABLE conversation RENAME TO conversation_away");
        await ann.SendAsync(Code.Ack, new JsonObject { ["msgId"] = first });
        await ann.SendAsync(Code.Ack, new JsonObject { ["msgId"] = "999999-1" });
        await ann.SendAsync(Code.Ack, new JsonObject { ["conversation"] = "d:10001:10002", ["seq"] = 2 });
        await ann.SendAsync(Code.Ack, new JsonObject { ["conversation"] = "d:10001:10009", ["seq"] = 1 });
        Assert.Empty(await ann.FlushAsync());
        server.Sql("ALTER TABLE conversation_away RENAME TO conversation");

        // They count, also of what is written after they were asked for.
        Assert.Empty(await server.UnackedAsync(10001));
        await using var eve = await TestClient.LogInAsync(server, 10009);
        await eve.ChatAndReceiptAsync(10001, "four");
        await ann.ReceiveAsync(Code.Message);
        Assert.Equal(1, (await server.UnackedAsync(10001))["d:10001:10009"]);
        await ann.SendAsync(Code.Ack, new JsonObject { ["conversation"] = "d:10001:10009", ["seq"] = 1 });
        await ann.FlushAsync();
        Assert.Empty(await server.UnackedAsync(10001));
    }

    private static (string? Error, string? ClientMsgId, long? RoomId) Answer(ReceivedFrame error) =>
        (error.Text("error"), error.Text("clientMsgId"), error.Body["roomId"]?.GetValue<long>());
}
