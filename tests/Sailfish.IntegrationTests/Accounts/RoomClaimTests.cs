using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Accounts;

/// <summary>Which rooms a token opens: those that it names; without names all for the product's users, living rooms for accounts.</summary>
public sealed class RoomClaimTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private const long Board = 777;
    private const long Other = 778;

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task A_page_account_joins_living_rooms_and_no_room_of_the_product()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        await SayAsync(Board, "minutes");
        await using var client = await viewer.ConnectAsync(room);
        await RefusedAsync(client, Board, 1_000_000, 999_999_999);
        await client.RefusedAsync("not_joined", Code.Sync, new JsonObject { ["after"] = new JsonObject { [$"r:{Board}"] = 0 } });
        await client.RefusedAsync("not_joined", Code.Message, TestClient.Chat(new JsonObject { ["content"] = "x", ["roomId"] = Board }));
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        await client.ReceiveAsync(Code.Message);
        await client.RefusedAsync("room_closed", Code.Join, new JsonObject { ["roomId"] = room });
        // Also with a token that the product signed by itself, and on the seed's path.
        await using var signed = await TestClient.LogInAsync(Server, viewer.UserId);
        await RefusedAsync(signed, Board);
        await using var legacy = await TestClient.LogInAsync(Server, viewer.UserId, Transport.WebSocketLegacy, legacyRoom: Board);
        Assert.Equal("bad_room", (await legacy.ReceiveAsync(Code.Error)).Text("error"));
    }

    [Fact]
    public async Task A_page_accounts_token_that_names_rooms_opens_these_and_living_rooms()
    {
        var (_, room) = await PageClient.GoLiveAsync(Server);
        using var viewer = await PageClient.SignUpAsync(Server);
        var token = (await Server.Http.PostJsonAsync("/api/v1/tokens", $$"""{"userId":{{viewer.UserId}},"account":true,"rooms":[{{Board}}]}""")).Text("token");
        await using var client = await Server.PresentAsync(token, viewer.UserId);
        await client.ReceiveAsync(Code.Login);
        await client.JoinAsync(room);
        await client.JoinAsync(Board);
        await RefusedAsync(client, Other);
    }

    [Fact]
    public async Task A_products_token_that_names_rooms_opens_these_alone()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        var token = (await Server.Http.PostJsonAsync("/api/v1/tokens", $$"""{"userId":10001,"rooms":[{{Board}}]}""")).Text("token");
        await using var client = await Server.PresentAsync(token, 10001);
        await client.ReceiveAsync(Code.Login);
        await client.JoinAsync(Board);
        await RefusedAsync(client, Other, room);
        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        await RefusedAsync(client, room);

        await using var none = await TestClient.LogInAsync(Server, 10002, changeToken: payload => payload["rooms"] = new JsonArray());
        await RefusedAsync(none, Board, Other, room);
        await using var legacy = await TestClient.LogInAsync(
            Server, 10002, Transport.WebSocketLegacy, legacyRoom: Other, changeToken: payload => payload["rooms"] = new JsonArray(Board));
        Assert.Equal("bad_room", (await legacy.ReceiveAsync(Code.Error)).Text("error"));
        await legacy.SendAsync(Code.Join, new JsonObject { ["roomId"] = Board });
        Assert.Equal(Board, (await legacy.ReceiveAsync(Code.Join)).Number("roomId"));
    }

    [Fact]
    public async Task A_products_token_without_rooms_opens_all_of_them()
    {
        var (_, room) = await PageClient.GoLiveAsync(Server);
        await using var client = await TestClient.LogInAsync(Server, 10003);
        foreach (var id in new[] { Board, Other, room })
            await client.JoinAsync(id);
    }

    private static async Task RefusedAsync(TestClient client, params long[] rooms)
    {
        foreach (var room in rooms)
            Assert.Equal(room, (await client.RefusedAsync("bad_room", Code.Join, new JsonObject { ["roomId"] = room, ["history"] = 100 })).Number("roomId"));
    }

    private Task<JsonObject> SayAsync(long room, string content) =>
        Server.Http.PostJsonAsync("/api/v1/messages", $$$"""{"bizCode":5555,"data":{"content":"{{{content}}}"},"to":{"room":{{{room}}}}}""");
}
