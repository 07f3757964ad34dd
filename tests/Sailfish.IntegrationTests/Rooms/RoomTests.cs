using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Rooms;

public sealed class RoomTests
{
    [Fact]
    public async Task All_dialects_exchange_messages_in_one_room()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var tcp = await TestClient.LogInAsync(server, 10001);
        await using var binary = await TestClient.LogInAsync(server, 10002, Transport.WebSocketBinary);
        await using var json = await TestClient.LogInAsync(server, 10003, Transport.WebSocketJson);
        await using var legacy = await TestClient.LogInAsync(server, 10004, Transport.WebSocketLegacy, legacyRoom: 77);
        await using var seed = await TestClient.LogInAsync(server, 10005, Transport.Tcp, protocol: 1);
        foreach (var client in new[] { tcp, binary, json, seed })
            await client.JoinAsync(77);

        TestClient[] all = [tcp, binary, json, legacy, seed];
        foreach (var sender in all)
        {
            var content = $"from {sender.Transport} \"quoted\" 旗鱼 🐟 </script>";
            await sender.ChatInRoomAsync(77, content);
            foreach (var receiver in all.Where(c => c != sender))
            {
                var message = await receiver.ReceiveAsync(Code.Message);
                Assert.Equal(content, message.Data["content"]!.GetValue<string>());
                Assert.Equal(receiver.UserId, message.Number("userId"));
                Assert.Equal(sender.UserId, message.Data["userId"]!.GetValue<long>());
                Assert.Equal(77, message.Data["roomId"]!.GetValue<long>());
            }
        }

        // None of them got its own: nothing waits for anybody.
        foreach (var client in all)
            Assert.Empty(await client.FlushAsync());
    }

    [Fact]
    public async Task Heartbeat_tells_viewers_of_joined_rooms()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var one = await TestClient.LogInAsync(server, 10001);
        await using var other = await TestClient.LogInAsync(server, 10002);
        Assert.Equal(1, (await one.JoinAsync(5)).Number("viewers"));
        Assert.Equal(2, (await other.JoinAsync(5)).Number("viewers"));
        await one.SendAsync(Code.Heartbeat, new JsonObject());
        var reply = await one.ReceiveAsync(Code.Heartbeat);
        Assert.Equal(2, reply.Body["rooms"]!["5"]!.GetValue<int>());
        Assert.Equal("true", reply.Text("data"));
    }
}
