using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

/// <summary>Clients that break things on purpose or by leaving at the wrong moment.</summary>
public sealed class AbuseTests
{
    /// <summary>A version and two blocks of anything.</summary>
    private static readonly byte[] RtmpHandshake = [3, .. new byte[2 * 1536]];

    [Fact]
    public async Task Random_bytes_on_all_ports_leave_the_server_serving()
    {
        await using var server = await ServerProcess.StartAsync("Limits:ConnectionsPerIpPerSecond=0", "Gateway:LoginTimeoutSeconds=2");
        int[] ports = [server.TcpPort, server.WebSocketPort, server.HttpPort, server.RtmpPort];
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var random = new Random(20_260 + i);
            await using var socket = await RawSocket.ConnectAsync(ports[i % 4]);
            try
            {
                await SendGarbageAsync(server, socket, random, ports[i % 4]);
            }
            catch (IOException)
            {
                // Closed while we were sending: as it should be.
            }

            // Some leave in good order, some by a reset.
            if (random.Next(2) == 0)
                socket.Socket.Close(0);
        });

        foreach (var transport in Enum.GetValues<Transport>())
        {
            await using var client = await TestClient.LogInAsync(server, 10001, transport);
            Assert.Empty(await client.FlushAsync());
        }

        Assert.Equal("ok", await server.Http.GetStringAsync("healthz"));
        Assert.Equal("", Faults(server));
    }

    [Fact]
    public async Task A_message_whose_sender_leaves_at_once_still_reaches_the_room()
    {
        await using var server = await ServerProcess.StartAsync("Limits:ConnectionsPerIpPerSecond=0", "Limits:MessagesPerSecond=0", "Gateway:MaxResends=0");
        await using var receiver = await TestClient.LogInAsync(server, 10001);
        await receiver.JoinAsync(5);
        for (var round = 1; round <= 40; round++)
        {
            await using (var sender = await TestClient.LogInAsync(server, 10002))
            {
                await sender.JoinAsync(5);
                await sender.SendRawAsync(
                [
                    .. sender.Encode(Code.Message, TestClient.Chat(new JsonObject { ["content"] = $"{round}", ["roomId"] = 5 }, $"room{round}").ToJsonString()),
                    .. sender.Encode(Code.Message, TestClient.Chat(new JsonObject { ["content"] = $"{round}", ["objectId"] = 10001 }, $"user{round}").ToJsonString()),
                ]);
            }

            var frames = new[] { await receiver.ReceiveAsync(Code.Message), await receiver.ReceiveAsync(Code.Message) };
            Assert.Equal([round, round], frames.Select(f => f.Number("seq")));
            Assert.Equal(["d:10001:10002", "r:5"], frames.Select(f => f.Text("conversation")!).Order());
        }

        Assert.Equal("", Faults(server));
    }

    [Fact]
    public async Task A_client_that_asks_and_never_reads_is_made_to_wait_then_cut()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:StallTimeoutSeconds=1", "Gateway:MaxOutboxBytes=16384", "Limits:SyncsPerSecond=0");
        await using var other = await TestClient.LogInAsync(server, 10002);
        Assert.Empty(await other.FlushAsync());
        await LargeAnswers.PrepareAsync(server, 10001);
        var before = ResidentMegabytes(server);

        await using var client = await LargeAnswers.LogInAsync(server, 10001);
        var requests = Enumerable.Repeat(LargeAnswers.Request, 2000).SelectMany(f => f).ToArray();
        var sent = 0L;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            // Ends when the server, which has stopped reading, cuts the connection.
            while (sent < 1_000_000_000)
            {
                await client.SendAsync(requests);
                sent += requests.Length;
            }
        });

        Assert.Empty(await other.FlushAsync());
        Assert.True(ResidentMegabytes(server) - before < 150, $"{before} MB grew to {ResidentMegabytes(server)} MB.");
        await Wait.UntilAsync(
            async () => (await server.Http.GetStringAsync("api/v1/users/10001/online")).Contains("\"online\":false", StringComparison.Ordinal), "the session to end");
    }

    private static string Faults(ServerProcess server) =>
        string.Join('\n', server.Output.Split('\n').Where(line => line.Contains("fail:", StringComparison.Ordinal)));

    private static long ResidentMegabytes(ServerProcess server)
    {
        using var process = System.Diagnostics.Process.GetProcessById(server.ProcessId);
        return process.WorkingSet64 / (1024 * 1024);
    }

    /// <summary>Noise, some of it behind a good beginning so that it reaches deeper.</summary>
    private static async Task SendGarbageAsync(ServerProcess server, RawSocket socket, Random random, int port)
    {
        if (port == server.RtmpPort)
        {
            if (random.Next(3) > 0)
                await socket.SendAsync(RtmpHandshake);
        }
        else if (random.Next(3) > 0)
        {
            var isTcp = port == server.TcpPort;
            var login = RawWebSocket.LoginBody(server, 20_000 + random.Next(1000));
            await socket.SendAsync(isTcp
                ? TestClient.EncodeBinary(Code.Login, Encoding.UTF8.GetBytes(login.ToJsonString()))
                : Encoding.Latin1.GetBytes(RawWebSocket.Request()));
            if (!isTcp && random.Next(2) == 0)
                await socket.SendAsync(RawWebSocket.Frame(RawWebSocket.Text, RawWebSocket.Json(Code.Login, login)));
        }

        for (var chunk = random.Next(1, 8); chunk > 0; chunk--)
        {
            var noise = new byte[random.Next(1, 4000)];
            random.NextBytes(noise);
            await socket.SendAsync(random.Next(4) switch
            {
                0 => noise,
                1 => TestClient.EncodeBinary(random.Next(1001, 1012), noise),
                2 => RawWebSocket.Frame(random.Next(16), noise, fin: random.Next(2) == 0),
                _ => RawWebSocket.Frame(RawWebSocket.Text, RawWebSocket.Json(random.Next(1001, 1012), new JsonObject { ["roomId"] = random.Next() })),
            });
        }
    }
}
