using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Rooms;

public sealed class JoinRaceTests
{
    [Fact]
    public async Task Joining_a_busy_room_shows_no_gap_after_the_seq_of_the_JOIN()
    {
        await using var server = await ServerProcess.StartAsync("Limits:MessagesPerSecond=0", "Limits:ConnectionsPerIpPerSecond=0");
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 3).Select(i => SendUntilAsync(server, 10_100 + i, stop.Token)).ToList();
        Transport[] transports = [Transport.Tcp, Transport.WebSocketJson, Transport.WebSocketBinary];
        for (var round = 0; round < 15; round++)
        {
            await using var client = await TestClient.LogInAsync(server, 10_001, transports[round % 3]);
            foreach (var history in new[] { 0, 7, 100 })
            {
                var joined = await client.JoinAsync(8, history);
                var newest = joined.Number("seq");
                var next = Math.Max(1, newest - history + 1);
                for (var end = newest + 25; next <= end; next++)
                {
                    var message = await client.ReceiveAsync();
                    Assert.Equal((Code.Message, next), (message.Code, message.Number("seq")));
                }

                await client.SendAsync(Code.Leave, new JsonObject { ["roomId"] = 8 });
                for (var frame = await client.ReceiveAsync(); frame.Code != Code.Leave; frame = await client.ReceiveAsync())
                    Assert.Equal((Code.Message, next++), (frame.Code, frame.Number("seq")));
            }

            Assert.Empty(await client.FlushAsync());
        }

        await stop.CancelAsync();
        await Task.WhenAll(senders);
    }

    /// <summary>Sends in small bursts, and goes on when the server has taken one.</summary>
    private static async Task SendUntilAsync(ServerProcess server, long user, CancellationToken stop)
    {
        await using var client = await TestClient.LogInAsync(server, user);
        await client.JoinAsync(8);
        while (!stop.IsCancellationRequested)
        {
            for (var i = 0; i < 5; i++)
                await client.ChatInRoomAsync(8, "busy");
            await client.FlushAsync();
        }
    }
}
