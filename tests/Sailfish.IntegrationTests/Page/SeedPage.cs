using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Page;

/// <summary>What the tutorial system's page does with its socket, in its own words.</summary>
internal sealed partial class SeedPage : IAsyncDisposable
{
    /// <summary>The page knows no other app.</summary>
    private const int AppId = 10001;

    private readonly RawWebSocket _socket;
    private readonly long _userId;

    private SeedPage(RawWebSocket socket, long userId)
    {
        _socket = socket;
        _userId = userId;
    }

    /// <summary>As the page builds the address: of what /im/getImConfig gave, the code for joining, and the room.</summary>
    public static async Task<SeedPage> OpenAsync(PageClient client, long room)
    {
        var config = await client.OkAsync("/im/getImConfig");
        var url = new Uri($"ws://{config.Text("wsImServerAddress")}/{config.Text("token")}/{config.Number("userId")}/1001/{room}");
        return new SeedPage(await RawWebSocket.OpenAsync(url.Port, url.PathAndQuery, protocol: null), client.UserId);
    }

    public Task HeartbeatAsync() => SendAsync(Code.Heartbeat, new JsonObject { ["userId"] = _userId, ["appId"] = AppId });

    public Task AckAsync(ReceivedFrame message) =>
        SendAsync(Code.Ack, new JsonObject { ["userId"] = _userId, ["appId"] = AppId, ["msgId"] = message.Text("msgId") });

    public Task ChatAsync(long room, string content) => SendAsync(Code.Message, new JsonObject
    {
        ["userId"] = _userId,
        ["appId"] = AppId,
        ["bizCode"] = 5555,
        ["data"] = new JsonObject { ["roomId"] = room, ["type"] = 1, ["content"] = content, ["senderName"] = "whoever", ["senderAvatar"] = "../x.png" }.ToJsonString(),
    });

    /// <summary>The next frame, in the one shape that the page reads.</summary>
    public async Task<ReceivedFrame> ReceiveAsync()
    {
        var frame = await _socket.ReadAsync() ?? throw new EndOfStreamException("The server closed the connection.");
        Assert.Equal(RawWebSocket.Text, frame.Opcode);
        var shape = Shape().Match(frame.Text);
        Assert.True(shape.Success, frame.Text);
        var body = shape.Groups["body"].Value.Split(',').Select(b => unchecked((byte)sbyte.Parse(b))).ToArray();
        Assert.Equal(body.Length, int.Parse(shape.Groups["len"].Value));
        return new ReceivedFrame(int.Parse(shape.Groups["code"].Value), JsonNode.Parse(body)!.AsObject());
    }

    /// <summary>The next MESSAGE, acked as the page acks each one.</summary>
    public async Task<ReceivedFrame> ReceiveAndAckAsync()
    {
        var message = await ReceiveAsync();
        Assert.True(message.Code == Code.Message, $"{message.Code} {message.Body.ToJsonString()}");
        await AckAsync(message);
        return message;
    }

    /// <summary>Fails when anything but the answer to a heartbeat is under way.</summary>
    public async Task QuietAsync()
    {
        await HeartbeatAsync();
        var answer = await ReceiveAsync();
        Assert.True((answer.Code, answer.Text("data")) == (Code.Heartbeat, "true"), $"{answer.Code} {answer.Body.ToJsonString()}");
    }

    public ValueTask DisposeAsync() => _socket.DisposeAsync();

    private Task SendAsync(int code, JsonObject body)
    {
        var text = body.ToJsonString();
        var envelope = new JsonObject { ["magic"] = 19231, ["code"] = code, ["len"] = Encoding.UTF8.GetByteCount(text), ["body"] = text };
        return _socket.SendAsync(RawWebSocket.Text, envelope.ToJsonString());
    }

    [GeneratedRegex("""^\{"body":\[(?<body>-?\d+(,-?\d+)*)\],"code":(?<code>\d+),"len":(?<len>\d+),"magic":18673\}$""")]
    private static partial Regex Shape();
}
