using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

/// <summary>The seed's path and text, byte for byte.</summary>
public sealed partial class LegacyWebSocketTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    private ServerProcess Server => fixture.Server;

    [Theory]
    [InlineData("")]
    [InlineData("/1001/401")]
    [InlineData("?v=1&x=/")]
    [InlineData("/1001/401?v=1")]
    [InlineData("/1002/401")]
    public async Task The_path_logs_in_and_LOGIN_is_the_first_message_in_the_seeds_shape(string rest)
    {
        await using var client = await OpenAsync(14001, rest);
        var first = await client.ReadAsync();
        var shape = Shape().Match(first!.Text);
        Assert.True(shape.Success, first.Text);
        Assert.Equal("1001", shape.Groups["code"].Value);
        var bytes = shape.Groups["body"].Value.Split(',').Select(b => unchecked((byte)sbyte.Parse(b))).ToArray();
        Assert.Equal(bytes.Length, int.Parse(shape.Groups["len"].Value));
        var body = JsonNode.Parse(bytes)!.AsObject();
        Assert.Equal(["appId", "data", "userId"], body.Select(m => m.Key).Order());
        Assert.Equal((Server.AppId, 14001L, "true"), (body["appId"]!.GetValue<long>(), body["userId"]!.GetValue<long>(), body["data"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_path_with_a_room_joins_it_without_a_JOIN_frame_and_without_a_room_does_not()
    {
        await using var inside = await TestClient.LogInAsync(Server, 14002, Transport.WebSocketLegacy, legacyRoom: 402);
        await using var outside = await TestClient.LogInAsync(Server, 14003, Transport.WebSocketLegacy);
        await using var sender = await TestClient.LogInAsync(Server, 14004);
        Assert.Equal(2, (await sender.JoinAsync(402)).Number("viewers"));
        await sender.ChatInRoomAsync(402, "héllo 旗鱼 🐟");
        var message = await inside.ReceiveAsync();
        Assert.Equal(Code.Message, message.Code);
        Assert.Equal("héllo 旗鱼 🐟", message.Data["content"]!.GetValue<string>());
        Assert.Empty(await outside.FlushAsync());
        await outside.ChatInRoomAsync(402, "from outside");
        Assert.Equal("not_joined", (await outside.ReceiveAsync(Code.Error)).Text("error"));
    }

    [Theory]
    [InlineData("garbage/14005")]
    [InlineData("abc%2Fdef%20%zz/14005")]
    [InlineData("garbage/14005/1001/5")]
    [InlineData("TOKEN/14006")]
    [InlineData("TOKEN/9999")]
    public async Task A_bad_token_is_told_then_closes_with_1008(string path)
    {
        await using var client = await RawWebSocket.OpenAsync(
            Server.WebSocketPort, "/" + path.Replace("TOKEN", TestTokens.Mint(Server, 14005)), protocol: null);
        var (code, before) = await client.ReadToCloseAsync();
        Assert.Equal(1008, code);
        Assert.Equal((Code.Error, "bad_token"), Read(Assert.Single(before), "error"));
    }

    [Fact]
    public async Task A_token_with_percent_signs_is_not_unescaped()
    {
        // The dots escaped: whoever unescapes the path would take this token.
        await using var client = await RawWebSocket.OpenAsync(
            Server.WebSocketPort, $"/{TestTokens.Mint(Server, 14007).Replace(".", "%2E")}/14007", protocol: null);
        Assert.Equal(1008, await client.CloseCodeAsync());
    }

    [Fact]
    public async Task A_room_that_cannot_be_joined_is_told_after_LOGIN()
    {
        await using var client = await OpenAsync(14008, "/1001/0");
        Assert.Equal(Code.Login, Read((await client.ReadAsync())!, "data").Code);
        Assert.Equal((Code.Error, "bad_room"), Read((await client.ReadAsync())!, "error"));
        await client.SendAsync(RawWebSocket.Text, """{"magic":1,"code":1004,"len":2,"body":"{}"}""");
        Assert.Equal((Code.Heartbeat, "true"), Read((await client.ReadAsync())!, "data"));
    }

    [Theory]
    [InlineData("""{"magic":19231,"code":1004,"len":2,"body":"{}"}""")]
    [InlineData("""{"body":"{\"appId\":1,\"userId\":\"5\"}","len":999,"code":1004,"magic":0}""")]
    [InlineData("""{"code":1004,"body":"{}","more":[1,{"a":2}]}""")]
    public async Task A_heartbeat_with_any_magic_is_answered(string text)
    {
        await using var client = await OpenAsync(14009);
        await client.ReadAsync();
        await client.SendAsync(RawWebSocket.Text, text);
        var frame = await client.ReadAsync();
        Assert.Matches(Shape(), frame!.Text);
        Assert.Equal((Code.Heartbeat, "true"), Read(frame, "data"));
    }

    [Fact]
    public async Task Acks_with_the_seeds_magic_are_taken()
    {
        await using var receiver = await TestClient.LogInAsync(Server, 14010, Transport.WebSocketLegacy);
        await using var sender = await TestClient.LogInAsync(Server, 14011);
        await sender.ChatAsync(14010, "to be acked");
        var message = await receiver.ReceiveAsync(Code.Message);
        Assert.Null(message.Body["seq"]);
        await receiver.SendAsync(Code.Ack, new JsonObject { ["appId"] = Server.AppId, ["userId"] = 14010, ["msgId"] = message.Text("msgId") });
        Assert.Empty(await receiver.FlushAsync());
        await receiver.SendAsync(Code.Sync, new JsonObject());
        Assert.Empty((await receiver.ReceiveAsync(Code.Sync)).Body["messages"]!.AsArray());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"code":1004,"body":"[]"}""")]
    [InlineData("""{"code":1004,"body":"{"}""")]
    [InlineData("""{"code":1004,"body":7}""")]
    [InlineData("""{"code":7,"body":"{}"}""")]
    [InlineData("""{"magic":19231,"code":1004,"len":2,"body":"\ud800"}""")]
    public async Task A_broken_envelope_is_told_then_closes_with_1008(string text)
    {
        await using var client = await OpenAsync(14012);
        await client.ReadAsync();
        await client.SendAsync(RawWebSocket.Text, text);
        var (code, before) = await client.ReadToCloseAsync();
        Assert.Equal(1008, code);
        Assert.Equal((Code.Error, "bad_frame"), Read(Assert.Single(before), "error"));
    }

    private static (int Code, string? Member) Read(RawWebSocketFrame frame, string member)
    {
        var json = JsonNode.Parse(frame.Payload)!;
        var body = JsonNode.Parse(json["body"]!.AsArray().Select(b => unchecked((byte)b!.GetValue<int>())).ToArray())!;
        return (json["code"]!.GetValue<int>(), body[member]?.GetValue<string>());
    }

    private Task<RawWebSocket> OpenAsync(long user, string rest = "") =>
        RawWebSocket.OpenAsync(Server.WebSocketPort, $"/{TestTokens.Mint(Server, user)}/{user}{rest}", protocol: null);

    [GeneratedRegex("""^\{"body":\[(?<body>-?\d+(,-?\d+)*)\],"code":(?<code>\d+),"len":(?<len>\d+),"magic":18673\}$""")]
    private static partial Regex Shape();
}
