using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Telemetry;

public sealed class LogSecrecyTests
{
    [Fact]
    public async Task No_secret_token_or_content_is_ever_logged()
    {
        await using var server = await ServerProcess.StartAsync("--Logging:LogLevel:Default=Debug", "Content:Words:0=swearword", "Gateway:AckTimeoutSeconds=1");
        var token = TestTokens.Mint(server, 10001);
        var bad = TestTokens.Mint(server, 10001, secret: new string('x', 40));
        var minted = await server.Http.MintAsync(10002);

        // Messages on every path, some refused.
        await using (var legacy = await TestClient.OpenAsync(server, Transport.WebSocketLegacy, $"/{token}/10001/1001/7"))
        {
            Assert.Equal(Code.Login, (await legacy.ReceiveAsync()).Code);
            await using var tcp = await server.PresentAsync(minted, 10002);
            await tcp.ReceiveAsync(Code.Login);
            await tcp.JoinAsync(7);
            await legacy.ChatInRoomAsync(7, "content-of-a-room-message");
            await tcp.ReceiveAsync(Code.Message);
            await tcp.ChatAsync(10001, "content-of-a-direct-message", "c1");
            await tcp.ReceiveAsync(Code.Receipt);
            await tcp.ChatInRoomAsync(7, "content-with-swearword");
            await tcp.ReceiveAsync(Code.Error);
            await tcp.SendAsync(Code.Message, new JsonObject { ["bizCode"] = 5555, ["data"] = "content-that-is-no-json" });
            await tcp.ReceiveAsync(Code.Error);
            await server.Http.PostJsonAsync("/api/v1/messages", """{"bizCode":5555,"data":{"content":"content-over-http"},"to":{"all":true}}""");
            await tcp.ReceiveAsync(Code.Message);
        }

        // Things that go wrong are what logs are full of.
        await using (var refused = await TestClient.OpenAsync(server, Transport.WebSocketLegacy, $"/{bad}/10001/1001/7"))
            await refused.DrainAsync();
        await using (var refused = await server.PresentAsync(bad, 10001))
            await refused.DrainAsync();
        await server.Http.ProblemAsync(HttpMethod.Get, $"/{token}/10001/1001/7", HttpStatusCode.NotFound);
        await server.Http.BadAsync("/api/v1/messages", """{"bizCode":5555,"data":"content-that-is-no-json","to":{"user":10001}}""");
        await server.Http.BadAsync("/api/v1/messages", """{"bizCode":"content-in-the-wrong-place"}""");
        using var stranger = new HttpClient { BaseAddress = server.Http.BaseAddress };
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "a-wrong-key-a-wrong-key");
        await stranger.ProblemAsync(HttpMethod.Post, "/api/v1/tokens", HttpStatusCode.Unauthorized, "{}");
        await Assert.ThrowsAsync<WebSocketException>(async () =>
        {
            await using var onWebPort = await TestClient.OpenAsync(server, Transport.WebSocketLegacy, $"/{token}/10001", onWebPort: true);
        });
        await server.StopAsync();

        var output = server.Output;
        // The level was what it should be.
        Assert.Contains("dbug:", output);
        Assert.Contains("logged in", output);
        foreach (var secret in new[] { token, bad, minted }.SelectMany(t => t.Split('.').Skip(1))
            .Concat([server.TokenSecret, server.ApiKey, "a-wrong-key", "content-", "swearword"]))
            Assert.DoesNotContain(secret, output);
    }
}
