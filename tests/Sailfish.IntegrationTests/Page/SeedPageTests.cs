using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Page;

/// <summary>A page made for the tutorial system works unchanged, in one living room with members of today.</summary>
public sealed class SeedPageTests
{
    [Fact]
    public async Task The_seeds_page_chats_acks_and_is_moderated_beside_a_member_of_sailfish_json()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:AckTimeoutSeconds=2");
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var viewer = await PageClient.SignUpAsync(server);
        using var other = await PageClient.SignUpAsync(server);
        await using var there = await anchor.ConnectAsync(room);
        await using var page = await SeedPage.OpenAsync(viewer, room);
        var login = await page.ReceiveAsync();
        Assert.Equal((Code.Login, 10001L, viewer.UserId, "true"), (login.Code, login.Number("appId"), login.Number("userId"), login.Text("data")));
        await page.QuietAsync();
        await using var member = await JoinAsync(other, room, viewers: 3);

        // To and fro.
        await page.ChatAsync(room, "héllo 旗鱼 🐟");
        var said = await member.ReadJsonAsync();
        Assert.Equal((Code.Message, 5555L, 1L, $"r:{room}"), (said.Code, said.Number("bizCode"), said.Number("seq"), said.Text("conversation")));
        Assert.Equal(("héllo 旗鱼 🐟", viewer.Name, $"/avatar/{viewer.UserId}.svg"), (said.Content(), said.Data["senderName"]!.GetValue<string>(), said.Data["senderAvatar"]!.GetValue<string>()));
        await page.QuietAsync();
        await ChatAsync(member, room, "hello page");
        var heard = await page.ReceiveAndAckAsync();
        Assert.Equal((5555L, viewer.UserId, "hello page", other.Name), (heard.Number("bizCode"), heard.Number("userId"), heard.Content(), heard.Data["senderName"]!.GetValue<string>()));
        Assert.Equal(["appId", "bizCode", "data", "msgId", "userId"], heard.Body.Select(m => m.Key).Order());

        // What is not acked comes once more, and what is does not.
        await ChatAsync(member, room, "not acked");
        var first = await page.ReceiveAsync();
        var again = await page.ReceiveAndAckAsync();
        Assert.Equal(("not acked", first.Text("msgId")), (again.Content(), again.Text("msgId")));
        await page.QuietAsync();

        await anchor.OkAsync("/living/mute", ("roomId", room), ("userId", viewer.UserId), ("seconds", 100));
        await page.ChatAsync(room, "not heard");
        var muted = await page.ReceiveAsync();
        Assert.Equal((Code.Error, "muted"), (muted.Code, muted.Text("error")));
        Assert.InRange(muted.Number("retryAfterMs"), 50_000, 100_000);
        await ChatAsync(member, room, "still heard");
        Assert.Equal("still heard", (await page.ReceiveAndAckAsync()).Content());
        await anchor.OkAsync("/living/unmute", ("roomId", room), ("userId", viewer.UserId));
        await page.ChatAsync(room, "heard again");
        Assert.Equal("heard again", (await member.ReadJsonAsync()).Content());

        await other.OkAsync("/living/like", ("roomId", room), ("count", 5));
        foreach (var likes in new[] { await page.ReceiveAndAckAsync(), await member.ReadJsonAsync() })
            Assert.Equal((5571L, room, "likes", 5L), (likes.Number("bizCode"), likes.Data["roomId"]!.GetValue<long>(), likes.Data["event"]!.GetValue<string>(), likes.Data["likes"]!.GetValue<long>()));
        await page.QuietAsync();

        await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        foreach (var closed in new[] { await page.ReceiveAndAckAsync(), await member.ReadJsonAsync() })
            Assert.Equal((5570L, room, "room_closed"), (closed.Number("bizCode"), closed.Data["roomId"]!.GetValue<long>(), closed.Data["event"]!.GetValue<string>()));
        await page.ChatAsync(room, "too late");
        Assert.Equal("room_closed", (await page.ReceiveAsync()).Text("error"));
        await page.QuietAsync();
        // The end is the last of them.
        Assert.Equal(6, (await server.WholeHistoryAsync($"r:{room}")).Count);

        // Who opens it now is told, and can be told that it is closed.
        await using var late = await SeedPage.OpenAsync(viewer, room);
        Assert.Equal(Code.Login, (await late.ReceiveAsync()).Code);
        Assert.Equal("room_closed", (await late.ReceiveAsync()).Text("error"));
    }

    [Fact]
    public async Task The_seeds_page_is_removed_and_kept_out_like_any_viewer()
    {
        await using var server = await ServerProcess.StartAsync();
        var (anchor, room) = await PageClient.GoLiveAsync(server);
        using var viewer = await PageClient.SignUpAsync(server);
        await using var page = await SeedPage.OpenAsync(viewer, room);
        await page.ReceiveAsync();
        await page.QuietAsync();
        await anchor.OkAsync("/living/remove", ("roomId", room), ("userId", viewer.UserId));
        var left = await page.ReceiveAsync();
        Assert.Equal((Code.Leave, "removed"), (left.Code, left.Text("reason")));
        await page.ChatAsync(room, "not heard");
        Assert.Equal("not_joined", (await page.ReceiveAsync()).Text("error"));
        await using var again = await SeedPage.OpenAsync(viewer, room);
        Assert.Equal(Code.Login, (await again.ReceiveAsync()).Code);
        Assert.Equal("banned", (await again.ReceiveAsync()).Text("error"));
    }

    /// <summary>A member that speaks sailfish.json, with the token of the page too.</summary>
    private static async Task<RawWebSocket> JoinAsync(PageClient client, long room, int viewers)
    {
        var config = await client.OkAsync("/im/getImConfig");
        var socket = await RawWebSocket.OpenAsync(client.Server.WebSocketPort);
        await socket.SendAsync(RawWebSocket.Text, RawWebSocket.Json(Code.Login, RawWebSocket.LoginBody(client.Server, client.UserId, token: config.Text("token"))));
        Assert.Equal(Code.Login, (await socket.ReadJsonAsync()).Code);
        await socket.SendAsync(RawWebSocket.Text, RawWebSocket.Json(Code.Join, new JsonObject { ["roomId"] = room }));
        Assert.Equal(viewers, (await socket.ReadJsonAsync()).Number("viewers"));
        return socket;
    }

    /// <summary>Says something and waits for its RECEIPT.</summary>
    private static async Task ChatAsync(RawWebSocket member, long room, string content)
    {
        var body = TestClient.Chat(new JsonObject { ["content"] = content, ["roomId"] = room }, clientMsgId: content);
        await member.SendAsync(RawWebSocket.Text, RawWebSocket.Json(Code.Message, body));
        var receipt = await member.ReadJsonAsync();
        Assert.Equal((Code.Receipt, content), (receipt.Code, receipt.Text("clientMsgId")));
    }
}
