using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

public sealed class TcpFramingTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task Frames_sent_byte_by_byte_work()
    {
        await using var receiver = await TestClient.LogInAsync(Server, 10001);
        await receiver.JoinAsync(101);
        await using var sender = await RawSocket.ConnectAsync(Server.TcpPort);
        await sender.SendByteByByteAsync(
        [
            .. Encode(Code.Login, RawWebSocket.LoginBody(Server, 10002)),
            .. Encode(Code.Join, new JsonObject { ["roomId"] = 101 }),
            .. Encode(Code.Message, TestClient.Chat(new JsonObject { ["content"] = "slowly", ["roomId"] = 101 }, "one")),
        ]);
        Assert.Equal("slowly", (await receiver.ReceiveAsync(Code.Message)).Data["content"]!.GetValue<string>());
        Assert.Equal(Code.Login, (await sender.ReadFrameAsync())!.Code);
        Assert.Equal(Code.Join, (await sender.ReadFrameAsync())!.Code);
        Assert.Equal("one", (await sender.ReadFrameAsync(Code.Receipt)).Text("clientMsgId"));
    }

    [Fact]
    public async Task Many_frames_in_one_write_are_all_answered_in_order()
    {
        await using var client = await RawSocket.ConnectAsync(Server.TcpPort);
        List<byte> all = [.. Encode(Code.Login, RawWebSocket.LoginBody(Server, 10003)), .. Encode(Code.Join, new JsonObject { ["roomId"] = 102 })];
        for (var i = 1; i <= 200; i++)
            all.AddRange(Encode(Code.Message, TestClient.Chat(new JsonObject { ["content"] = $"{i}", ["roomId"] = 102 }, $"id{i}")));
        await client.SendAsync(all.ToArray());
        for (var i = 1; i <= 200; i++)
        {
            var receipt = await client.ReadFrameAsync(Code.Receipt);
            Assert.Equal(i, receipt.Number("seq"));
            Assert.Equal($"id{i}", receipt.Text("clientMsgId"));
        }
    }

    [Theory]
    [InlineData("48F0 000003EC 00000002 7B7D", false)] // magic
    [InlineData("48F0", false)] // judged as soon as it is there
    [InlineData("48F1 000003E8 00000002 7B7D", false)] // code 1000
    [InlineData("48F1 000003F4 00000002 7B7D", false)] // code 1012
    [InlineData("48F1 80000000", false)] // a negative code
    [InlineData("48F1 000003EC FFFFFFFF", false)] // length −1
    [InlineData("48F1 000003EC 80000000", false)] // the least length
    [InlineData("48F1 000003EC 00010001", false)] // 65,537
    [InlineData("48F1 000003EC 7FFFFFFF", true)]
    [InlineData("48F0", true)]
    [InlineData("48F1 00000000", true)]
    public async Task A_broken_header_is_told_and_closes_before_the_body_comes(string header, bool afterLogin)
    {
        await using var client = await RawSocket.ConnectAsync(Server.TcpPort);
        if (afterLogin)
        {
            await client.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(Server, 10004));
            await client.ReadFrameAsync(Code.Login);
        }

        await client.SendAsync(Convert.FromHexString(header.Replace(" ", "")));
        await AssertBadFrameAsync(client);
    }

    [Theory]
    [InlineData(Code.Heartbeat, "[]")]
    [InlineData(Code.Heartbeat, "")]
    [InlineData(Code.Heartbeat, "null")]
    [InlineData(Code.Heartbeat, "{} {}")]
    [InlineData(Code.Logout, "1")]
    [InlineData(Code.Message, "\"text\"")]
    [InlineData(Code.Message, "{\"bizCode\":5555")]
    [InlineData(Code.Ack, "nonsense")]
    [InlineData(Code.Sync, "[{}]")]
    [InlineData(Code.Join, "true")]
    [InlineData(Code.Leave, "{\"roomId\":}")]
    public async Task A_body_that_is_no_JSON_object_is_told_and_closes(int code, string body) =>
        await AssertBodyRefusedAsync(code, Encoding.UTF8.GetBytes(body));

    [Theory]
    [InlineData(Code.Heartbeat)]
    [InlineData(Code.Message)]
    [InlineData(Code.Sync)]
    public async Task Deep_JSON_is_told_and_closes(int code) =>
        await AssertBodyRefusedAsync(code, Encoding.UTF8.GetBytes($$"""{"a":{{new string('[', 20_000)}}{{new string(']', 20_000)}}}"""));

    [Theory]
    [InlineData(Code.Heartbeat)]
    [InlineData(Code.Message)]
    [InlineData(Code.Join)]
    public async Task A_body_that_is_not_UTF8_is_told_and_closes(int code) =>
        await AssertBodyRefusedAsync(code, [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public async Task A_LOGIN_whose_body_is_no_JSON_object_is_a_bad_frame(string body)
    {
        await using var client = await RawSocket.ConnectAsync(Server.TcpPort);
        await client.SendAsync(TestClient.EncodeBinary(Code.Login, Encoding.UTF8.GetBytes(body)));
        await AssertBadFrameAsync(client);
    }

    [Fact]
    public async Task The_largest_body_is_taken()
    {
        await using var client = await RawSocket.ConnectAsync(Server.TcpPort);
        await client.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(Server, 10005));
        await client.SendAsync(TestClient.EncodeBinary(Code.Heartbeat, Encoding.UTF8.GetBytes("{}".PadRight(65_536))));
        await client.ReadFrameAsync(Code.Heartbeat);
    }

    [Theory]
    [InlineData(Code.Receipt)]
    [InlineData(Code.Error)]
    [InlineData(Code.Bye)]
    public async Task A_code_that_only_the_server_sends_is_told_and_the_connection_goes_on(int code)
    {
        await using var client = await TestClient.LogInAsync(Server, 10006);
        await client.SendAsync(code, new JsonObject());
        Assert.Equal("unexpected_code", (await client.ReceiveAsync(Code.Error)).Text("error"));
        Assert.Empty(await client.FlushAsync());
    }

    [Theory]
    [InlineData(Code.Message, """{"bizCode":{},"data":"{}"}""")]
    [InlineData(Code.Message, """{"bizCode":5555,"data":{}}""")]
    [InlineData(Code.Message, """{"bizCode":5555,"data":"{}","clientMsgId":7}""")]
    [InlineData(Code.Ack, """{"msgId":[]}""")]
    [InlineData(Code.Sync, """{"after":[]}""")]
    [InlineData(Code.Sync, """{"limit":1.5}""")]
    [InlineData(Code.Join, """{"roomId":"room"}""")]
    [InlineData(Code.Leave, """{"roomId":99999999999999999999}""")]
    public async Task A_member_of_the_wrong_type_is_told_and_the_connection_goes_on(int code, string body)
    {
        await using var client = await TestClient.LogInAsync(Server, 10007);
        await client.SendRawAsync(client.Encode(code, body));
        Assert.Equal("bad_body", (await client.ReceiveAsync(Code.Error)).Text("error"));
        Assert.Empty(await client.FlushAsync());
    }

    private static byte[] Encode(int code, JsonObject body) => TestClient.EncodeBinary(code, Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static async Task AssertBadFrameAsync(RawSocket client)
    {
        var error = await client.ReadFrameAsync();
        Assert.NotNull(error);
        Assert.Equal(Code.Error, error.Code);
        Assert.Equal("bad_frame", error.Text("error"));
        Assert.NotEmpty(error.Text("message")!);
        Assert.Empty(await client.ReadToEndAsync());
    }

    private async Task AssertBodyRefusedAsync(int code, byte[] body)
    {
        await using var client = await RawSocket.ConnectAsync(Server.TcpPort);
        await client.SendFrameAsync(Code.Login, RawWebSocket.LoginBody(Server, 10008));
        await client.ReadFrameAsync(Code.Login);
        await client.SendAsync(TestClient.EncodeBinary(code, body));
        await AssertBadFrameAsync(client);
    }
}
