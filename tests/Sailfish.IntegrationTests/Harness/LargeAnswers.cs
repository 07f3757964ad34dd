namespace Sailfish.IntegrationTests.Harness;

/// <summary>Short requests with long answers: a client that asks them and does not read fills every buffer on the way.</summary>
public static class LargeAnswers
{
    /// <summary>A SYNC; its answer has about 60 KB.</summary>
    public static byte[] Request => TestClient.EncodeBinary(Code.Sync, "{}"u8);

    /// <summary>Writes to <paramref name="user"/> what the answers will hold.</summary>
    public static async Task PrepareAsync(ServerProcess server, long user)
    {
        await using var sender = await TestClient.LogInAsync(server, 99_999);
        for (var i = 0; i < 6; i++)
        {
            await sender.ChatAsync(user, new string('鱼', 3900), $"large{user}-{i}");
            await sender.ReceiveAsync(Code.Receipt);
        }
    }

    /// <summary>Logs in with small buffers of its own.</summary>
    public static async Task<RawSocket> LogInAsync(ServerProcess server, long user)
    {
        var client = await RawSocket.ConnectAsync(server.TcpPort, receiveBuffer: 4096);
        await client.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(server, user));
        await client.ReadFrameAsync(Code.Login);
        return client;
    }
}
