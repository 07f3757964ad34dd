using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Rooms;

/// <summary>The places for messages on their way to a room: each that is taken is free again, however the message ends.</summary>
public sealed class RoomPlaceTests
{
    [Fact]
    public async Task With_one_place_messages_of_members_and_of_the_API_all_get_through()
    {
        await using var server = await ServerProcess.StartAsync("Rooms:MaxInFlight=1", "Limits:MessagesPerSecond=0");
        await using var ann = await TestClient.LogInAsync(server, 10001);
        await using var bob = await TestClient.LogInAsync(server, 10002);
        await ann.JoinAsync(7);
        await bob.JoinAsync(7);
        var calls = Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.PostAsync("api/v1/messages", new JsonObject
        {
            ["bizCode"] = 5555,
            ["data"] = new JsonObject { ["content"] = "api" },
            ["to"] = new JsonObject { ["room"] = 7 },
            // Each twice: the second is answered with the first one's ids.
            ["clientMsgId"] = $"api {i / 2}",
        })));
        for (var i = 0; i < 20; i++)
            await ann.ChatInRoomAsync(7, "ann", $"ann {i / 2}");
        await calls;
        for (var i = 0; i < 20; i++)
            await ann.ReceiveAsync(Code.Receipt);
        Assert.Equal(20, (await server.WholeHistoryAsync("r:7")).Count);
        for (var seq = 1; seq <= 20; seq++)
            Assert.Equal(seq, (await bob.ReceiveAsync(Code.Message)).Number("seq"));
        // Who leaves with a message under way takes no place along.
        await ann.ChatInRoomAsync(7, "last", "last");
        await ann.SendAsync(Code.Leave, new JsonObject { ["roomId"] = 7 });
        await ann.ReceiveAsync(Code.Leave);
        await bob.ChatInRoomAsync(7, "bob", "bob");
        await bob.ReceiptAsync("bob");
    }
}
