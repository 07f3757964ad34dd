using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Identity;

public sealed class AppIsolationTests
{
    private const string FirstKey = "first-key-first-key-first-key";
    private const string SecondKey = "second-key-second-key-second-key";

    private static readonly string[] Apps =
    [
        "Apps:0:AppId=1", "Apps:0:Name=first", $"Apps:0:TokenSecret={FirstSecret}", $"Apps:0:ApiKey={FirstKey}",
        "Apps:1:AppId=2", "Apps:1:Name=second", "Apps:1:TokenSecret=second-secret-second-secret-second-secret", $"Apps:1:ApiKey={SecondKey}",
    ];

    private const string FirstSecret = "first-secret-first-secret-first-secret";

    [Fact]
    public async Task One_apps_key_sees_nothing_of_another_app()
    {
        await using var server = await ServerProcess.StartAsync(Apps);
        using var first = Client(server, FirstKey);
        using var second = Client(server, SecondKey);
        await using var user = await LogInAsync(server, first, 1);
        await using var namesake = await LogInAsync(server, second, 2);
        await user.JoinAsync(7);

        // Presence, rooms and tags.
        await using (var only = await LogInAsync(server, first, 1, 10009))
            Assert.False((await second.GetJsonAsync("/api/v1/users/10009/online"))["online"]!.GetValue<bool>());
        Assert.Equal(1, (await first.GetJsonAsync("/api/v1/rooms/7")).Number("viewers"));
        Assert.Equal(0, (await second.GetJsonAsync("/api/v1/rooms/7")).Number("viewers"));
        Assert.Empty((await second.GetJsonAsync("/api/v1/rooms/7/members"))["members"]!.AsArray());
        await first.PostJsonAsync("/api/v1/users/10001/tags", """{"tag":"vip"}""");
        Assert.Empty((await second.GetJsonAsync("/api/v1/users/10001/tags"))["tags"]!.AsArray());

        // Messages: the same users, room and clientMsgId are others in each app.
        const string ToUser = """{"bizCode":5555,"data":{"content":"first only"},"from":10002,"clientMsgId":"same","to":{"user":10001}}""";
        var stored = await first.PostJsonAsync("/api/v1/messages", ToUser);
        Assert.Equal("first only", (await user.ReceiveAsync(Code.Message)).Data.Text("content"));
        await first.PostJsonAsync("/api/v1/messages", """{"bizCode":5555,"data":{"content":"room of first"},"to":{"room":7}}""");
        await user.ReceiveAsync(Code.Message);
        await first.PostJsonAsync("/api/v1/messages", """{"bizCode":5555,"data":{"content":"all of first"},"to":{"all":true}}""");
        await user.ReceiveAsync(Code.Message);
        Assert.Empty(await namesake.FlushAsync());
        Assert.Empty((await second.GetJsonAsync("/api/v1/conversations/d:10001:10002/messages"))["messages"]!.AsArray());
        Assert.Empty((await second.GetJsonAsync("/api/v1/conversations/r:7/messages"))["messages"]!.AsArray());
        Assert.Empty(await second.GetJsonAsync("/api/v1/users/10001/unacked"));
        await namesake.SendAsync(Code.Sync, new JsonObject());
        Assert.Empty((await namesake.ReceiveAsync(Code.Sync)).Body["messages"]!.AsArray());
        var again = await second.PostJsonAsync("/api/v1/messages", ToUser);
        Assert.NotEqual(stored.Text("msgId"), again.Text("msgId"));
        Assert.Equal(1, again.Number("seq"));
        Assert.Equal(Code.Message, (await namesake.ReceiveAsync()).Code);

        // What one app's moderators and operators do.
        await second.PostJsonAsync("/api/v1/rooms/7/mute", """{"userId":10001,"seconds":3600}""");
        Assert.Equal(0, (await second.PostJsonAsync("/api/v1/rooms/7/kick", """{"userId":10001,"seconds":3600}""")).Number("removed"));
        Assert.Equal(1, (await second.CallAsync(HttpMethod.Post, "/api/v1/users/10001/kick")).Number("closed"));
        Assert.Equal("kicked", Assert.Single(await namesake.DrainAsync()).Text("reason"));
        await user.ChatInRoomAsync(7, "still here", "r1");
        Assert.Equal("r:7", (await user.ReceiveAsync(Code.Receipt)).Text("conversation"));
    }

    [Fact]
    public async Task A_token_of_one_app_does_not_log_in_to_another()
    {
        await using var server = await ServerProcess.StartAsync(Apps);
        using var first = Client(server, FirstKey);
        var token = await first.MintAsync(10001);
        // The token's app is not the body's; a token that claims the other app has the wrong signature.
        foreach (var bad in new[] { token, TestTokens.Mint(server, 10001, payload => payload["app"] = 2, FirstSecret) })
        {
            await using var client = await server.PresentAsync(bad, 10001, appId: 2);
            Assert.Equal("bad_token", Assert.Single(await client.DrainAsync()).Text("error"));
        }
    }

    private static HttpClient Client(ServerProcess server, string key)
    {
        var http = new HttpClient { BaseAddress = server.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static async Task<TestClient> LogInAsync(ServerProcess server, HttpClient app, long appId, long userId = 10001)
    {
        var client = await server.PresentAsync(await app.MintAsync(userId), userId, appId);
        Assert.Equal(appId, (await client.ReceiveAsync(Code.Login)).Number("appId"));
        return client;
    }
}
