using System.Text;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

/// <summary>RFC 6455, sections 5, 7 and 8.1, on raw sockets.</summary>
public sealed class WebSocketFramingTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    private static readonly string Heartbeat = RawWebSocket.Json(Code.Heartbeat);

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task A_frame_that_is_not_masked_closes_with_1002() =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Text, Encoding.UTF8.GetBytes(Heartbeat), masked: false), 1002);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_reserved_bit_closes_with_1002(int reserved) =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Text, Encoding.UTF8.GetBytes(Heartbeat), reserved: reserved), 1002);

    [Theory]
    [InlineData(0x3)]
    [InlineData(0x7)]
    [InlineData(0xB)]
    [InlineData(0xF)]
    public async Task A_reserved_opcode_closes_with_1002(int opcode) => await AssertClosesAsync(RawWebSocket.Frame(opcode, ""), 1002);

    [Fact]
    public async Task A_fragmented_control_frame_closes_with_1002() =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Ping, "a", fin: false), 1002);

    [Fact]
    public async Task A_long_control_frame_closes_with_1002() =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Ping, new byte[126]), 1002);

    [Fact]
    public async Task A_continuation_of_nothing_closes_with_1002() =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Continuation, "a"), 1002);

    [Fact]
    public async Task A_message_inside_a_message_closes_with_1002() => await AssertClosesAsync(
        [.. RawWebSocket.Frame(RawWebSocket.Text, "a", fin: false), .. RawWebSocket.Frame(RawWebSocket.Text, "b")], 1002);

    [Theory]
    [InlineData("")]
    [InlineData("ping")]
    public async Task A_ping_is_answered_by_a_pong_with_its_payload(string payload)
    {
        await using var client = await OpenAsync();
        await client.SendAsync(RawWebSocket.Ping, payload);
        var pong = await client.ReadAsync();
        Assert.Equal((RawWebSocket.Pong, payload), (pong!.Opcode, pong.Text));
    }

    [Fact]
    public async Task The_longest_ping_is_answered_before_LOGIN_too()
    {
        await using var client = await RawWebSocket.OpenAsync(Server.WebSocketPort);
        var payload = Enumerable.Range(0, 125).Select(i => (byte)(255 - i)).ToArray();
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Ping, payload));
        Assert.Equal(payload, (await client.ReadAsync())!.Payload);
    }

    [Fact]
    public async Task A_pong_that_nobody_asked_for_is_ignored()
    {
        await using var client = await OpenAsync();
        await client.SendAsync(RawWebSocket.Pong, "hello");
        await AssertAliveAsync(client);
    }

    [Fact]
    public async Task A_fragmented_message_with_control_frames_between_is_put_together()
    {
        await using var client = await OpenAsync();
        await client.SendAsync(RawWebSocket.Text, Heartbeat[..3], fin: false);
        await client.SendAsync(RawWebSocket.Ping, "one");
        Assert.Equal("one", (await client.ReadAsync())!.Text);
        await client.SendAsync(RawWebSocket.Continuation, "", fin: false);
        await client.SendAsync(RawWebSocket.Continuation, Heartbeat[3..10], fin: false);
        await client.SendAsync(RawWebSocket.Pong, "");
        await client.SendAsync(RawWebSocket.Ping, "two");
        Assert.Equal("two", (await client.ReadAsync())!.Text);
        await client.SendAsync(RawWebSocket.Continuation, Heartbeat[10..]);
        Assert.Equal(Code.Heartbeat, (await client.ReadJsonAsync()).Code);
    }

    [Fact]
    public async Task Frames_sent_byte_by_byte_and_glued_work()
    {
        await using var client = await OpenAsync();
        var frame = RawWebSocket.Frame(RawWebSocket.Text, Heartbeat);
        await client.Socket.SendByteByByteAsync(frame);
        Assert.Equal(Code.Heartbeat, (await client.ReadJsonAsync()).Code);
        await client.SendAsync(Enumerable.Repeat(frame, 50).SelectMany(f => f).ToArray());
        for (var i = 0; i < 50; i++)
            Assert.Equal(Code.Heartbeat, (await client.ReadJsonAsync()).Code);
    }

    [Fact]
    public async Task A_letter_split_between_fragments_is_whole_again()
    {
        await using var client = await OpenAsync();
        var text = Encoding.UTF8.GetBytes("""{"code":1003,"body":{"bizCode":5555,"clientMsgId":"鱼","data":""}}""");
        var split = Array.IndexOf(text, (byte)0xE9) + 1;
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Text, text.AsSpan(0, split), fin: false));
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Continuation, text.AsSpan(split)));
        Assert.Equal("鱼", (await client.ReadJsonAsync()).Text("clientMsgId"));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1003)]
    [InlineData(1007)]
    [InlineData(1011)]
    [InlineData(3000)]
    [InlineData(4999)]
    public async Task A_close_is_answered_with_its_code(int code) =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Close, [(byte)(code >> 8), (byte)code, .. "bye"u8]), code);

    [Fact]
    public async Task A_close_without_a_code_is_answered() => await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Close, ""), 1000);

    [Fact]
    public async Task A_close_with_half_a_code_closes_with_1002() =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Close, new byte[] { 3 }), 1002);

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    [InlineData(1004)]
    [InlineData(1005)]
    [InlineData(1006)]
    [InlineData(1015)]
    [InlineData(2000)]
    [InlineData(5000)]
    [InlineData(65535)]
    public async Task A_close_with_a_code_that_may_not_be_sent_closes_with_1002(int code) =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Close, [(byte)(code >> 8), (byte)code]), 1002);

    [Fact]
    public async Task A_close_whose_reason_is_not_UTF8_closes_with_1007() =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Close, [0x03, 0xE8, 0xFF]), 1007);

    [Fact]
    public async Task A_close_in_the_middle_of_a_message_is_answered() => await AssertClosesAsync(
        [.. RawWebSocket.Frame(RawWebSocket.Text, "{", fin: false), .. RawWebSocket.Frame(RawWebSocket.Close, [0x03, 0xE8])], 1000);

    [Fact]
    public async Task Nothing_is_taken_after_a_close()
    {
        await using var client = await OpenAsync();
        await client.SendAsync([.. RawWebSocket.Frame(RawWebSocket.Close, [0x03, 0xE8]), .. RawWebSocket.Frame(RawWebSocket.Text, Heartbeat)]);
        var (code, before) = await client.ReadToCloseAsync();
        Assert.Equal(1000, code);
        Assert.Empty(before);
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_closes_with_1007()
    {
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Text, [.. "{\"code\":1004,\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8]), 1007, "bad_frame");
        await AssertClosesAsync(
            [.. RawWebSocket.Frame(RawWebSocket.Text, new byte[] { 0xC3 }, fin: false), .. RawWebSocket.Frame(RawWebSocket.Continuation, "(")], 1007, "bad_frame");
    }

    [Fact]
    public async Task A_message_of_64_KiB_is_taken()
    {
        await using var client = await OpenAsync();
        await client.SendAsync(RawWebSocket.Text, Heartbeat.PadRight(65_536));
        Assert.Equal(Code.Heartbeat, (await client.ReadJsonAsync()).Code);
        await client.SendAsync(RawWebSocket.Text, Heartbeat.PadRight(40_000), fin: false);
        await client.SendAsync(RawWebSocket.Continuation, new string(' ', 25_536));
        Assert.Equal(Code.Heartbeat, (await client.ReadJsonAsync()).Code);
    }

    [Theory]
    [InlineData(65_537)]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    public async Task A_message_over_64_KiB_closes_with_1009_by_its_header_alone(long length) =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Text, [], length: length), 1009, "bad_frame");

    [Theory]
    [InlineData(65_536)]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    public async Task Fragments_over_64_KiB_together_close_with_1009_by_the_header_alone(long length) => await AssertClosesAsync(
        [.. RawWebSocket.Frame(RawWebSocket.Text, "{", fin: false), .. RawWebSocket.Frame(RawWebSocket.Continuation, [], length: length)], 1009, "bad_frame");

    [Fact]
    public async Task A_negative_length_closes_with_1002() =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Text, [], length: long.MinValue), 1002);

    [Fact]
    public async Task Binary_on_sailfish_json_closes_with_1003() =>
        await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Binary, Heartbeat), 1003, "bad_frame");

    [Fact]
    public async Task Text_on_sailfish_binary_closes_with_1003()
    {
        await using var client = await RawWebSocket.OpenAsync(Server.WebSocketPort, protocol: "sailfish.binary");
        await client.SendAsync(RawWebSocket.Text, Heartbeat);
        var (code, before) = await client.ReadToCloseAsync();
        Assert.Equal(1003, code);
        Assert.Equal(RawWebSocket.Binary, Assert.Single(before).Opcode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"body":{}}""")]
    [InlineData("""{"code":"1004","body":{}}""")]
    [InlineData("""{"code":1012,"body":{}}""")]
    [InlineData("""{"code":1004,"body":[]}""")]
    [InlineData("""{"code":1004,"body":null}""")]
    [InlineData("""{"code":1004,"body":{}} {}""")]
    public async Task A_broken_envelope_closes_with_1008(string text) => await AssertClosesAsync(RawWebSocket.Frame(RawWebSocket.Text, text), 1008, "bad_frame");

    [Fact]
    public async Task Deep_JSON_closes_with_1008() => await AssertClosesAsync(
        RawWebSocket.Frame(RawWebSocket.Text, """{"code":1004,"body":{"a":""" + new string('[', 30_000) + new string(']', 30_000) + "}}"), 1008, "bad_frame");

    [Fact]
    public async Task Binary_frames_split_and_glued_over_messages_and_fragments_work()
    {
        await using var client = await RawWebSocket.OpenAsync(Server.WebSocketPort, protocol: "sailfish.binary");
        var login = Encode(Code.Login, RawWebSocket.LoginBody(Server, 12001));
        var heartbeat = Encode(Code.Heartbeat, []);

        // LOGIN over three messages, cut in its header and in its body; the last one is glued to a heartbeat.
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, login.AsSpan(0, 5)));
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, login.AsSpan(5, 50)));
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, [.. login[55..], .. heartbeat]));
        await AssertCodesAsync(client, Code.Login, Code.Heartbeat);

        // Three in a message, the third ended by the next message, which comes in fragments and holds one more.
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, [.. heartbeat, .. heartbeat, .. heartbeat[..7]]));
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, heartbeat.AsSpan(7, 2), fin: false));
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Continuation, heartbeat.AsSpan(9), fin: false));
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Continuation, heartbeat));
        await AssertCodesAsync(client, Code.Heartbeat, Code.Heartbeat, Code.Heartbeat, Code.Heartbeat);

        // Byte by byte, each a message of its own, with empty ones between.
        foreach (var b in heartbeat)
        {
            await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, [b]));
            await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, []));
        }

        await AssertCodesAsync(client, Code.Heartbeat);

        // A frame of the largest size does not fit into one message with its header.
        var large = TestClient.EncodeBinary(Code.Heartbeat, Encoding.UTF8.GetBytes("{}".PadRight(65_536)));
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, large.AsSpan(0, 65_536)));
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, large.AsSpan(65_536)));
        await AssertCodesAsync(client, Code.Heartbeat);
    }

    [Fact]
    public async Task A_lying_length_in_a_binary_message_closes_with_1008()
    {
        await using var client = await RawWebSocket.OpenAsync(Server.WebSocketPort, protocol: "sailfish.binary");
        await client.SendAsync(RawWebSocket.Frame(RawWebSocket.Binary, TestClient.EncodeBinary(Code.Login, [], length: int.MaxValue)));
        Assert.Equal(1008, await client.CloseCodeAsync());
    }

    private static byte[] Encode(int code, JsonObject body) => TestClient.EncodeBinary(code, Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static async Task AssertCodesAsync(RawWebSocket client, params int[] codes)
    {
        foreach (var code in codes)
        {
            var frame = await client.ReadAsync();
            Assert.Equal(RawWebSocket.Binary, frame!.Opcode);
            Assert.Equal(code, (frame.Payload[2] << 24) | (frame.Payload[3] << 16) | (frame.Payload[4] << 8) | frame.Payload[5]);
        }
    }

    private static async Task AssertAliveAsync(RawWebSocket client)
    {
        await client.SendAsync(RawWebSocket.Text, Heartbeat);
        Assert.Equal(Code.Heartbeat, (await client.ReadJsonAsync()).Code);
    }

    private async Task<RawWebSocket> OpenAsync()
    {
        var client = await RawWebSocket.OpenAsync(Server.WebSocketPort);
        await client.LogInAsync(Server, 12000);
        return client;
    }

    private async Task AssertClosesAsync(byte[] bytes, int code, string? error = null)
    {
        await using var client = await OpenAsync();
        await client.SendAsync(bytes);
        var (closed, before) = await client.ReadToCloseAsync();
        Assert.Equal(code, closed);
        if (error is null)
            Assert.Empty(before);
        else
            Assert.Equal(error, JsonNode.Parse(Assert.Single(before).Payload)!["body"]!["error"]!.GetValue<string>());
    }
}
