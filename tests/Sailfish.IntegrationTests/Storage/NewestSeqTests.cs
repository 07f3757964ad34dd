using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>The newest seq of a room that nobody writes to is known without the database.</summary>
public sealed class NewestSeqTests
{
    [Fact]
    public async Task A_room_without_messages_is_looked_for_once_and_its_first_message_is_seen()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        Assert.Equal(0, (await ann.JoinAsync(7)).Number("seq"));
        server.Sql("ALTER TABLE conversation RENAME TO conversation_away");
        Assert.Equal(0, (await bob.JoinAsync(7)).Number("seq"));
        await bob.SendAsync(Code.Join, new JsonObject { ["roomId"] = 8 });
        Assert.Equal("internal", (await bob.ReceiveAsync()).Text("error"));
        server.Sql("ALTER TABLE conversation_away RENAME TO conversation");
        await ann.ChatInRoomAsync(7, "first", "c1");
        Assert.Equal(1, (await ann.ReceiptAsync("c1")).Number("seq"));
        await using var eve = await TestClient.LogInAsync(server, 10003);
        Assert.Equal(1, (await eve.JoinAsync(7, history: 10)).Number("seq"));
        Assert.Equal("first", (await eve.ReceiveAsync(Code.Message)).Content());
    }
}
