using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>How a <see cref="TestClient"/> talks.</summary>
public enum Transport
{
    Tcp,
    WebSocketBinary,
    WebSocketJson,
    WebSocketLegacy,
}

/// <summary>
/// A client that does nothing by itself: it sends what it is told and shows every frame that comes. It shares no code
/// with the server or the client library.
/// </summary>
public sealed class TestClient : IAsyncDisposable
{
    private readonly Socket? _socket;
    private readonly NetworkStream? _stream;
    private readonly WebSocket? _webSocket;
    private readonly List<byte> _carried = [];

    private TestClient(Transport transport, Socket? socket, WebSocket? webSocket)
    {
        Transport = transport;
        _socket = socket;
        _stream = socket is null ? null : new NetworkStream(socket);
        _webSocket = webSocket;
    }

    public Transport Transport { get; }

    public long UserId { get; private set; }

    /// <summary>The frame that answered LOGIN.</summary>
    public ReceivedFrame? LoginReply { get; private set; }

    /// <summary>The body of the frame that was read last, as it came; of the legacy dialect after its numbers were read.</summary>
    public byte[] LastBody { get; private set; } = [];

    /// <summary>The socket, for tests that break things; TCP only.</summary>
    public Socket Socket => _socket!;

    public WebSocket WebSocket => _webSocket!;

    /// <summary>Opens a connection without logging in.</summary>
    public static async Task<TestClient> OpenAsync(ServerProcess server, Transport transport = Transport.Tcp, string? path = null, bool onWebPort = false)
    {
        if (transport == Transport.Tcp)
            return await OpenAsync(server.TcpPort);
        var webSocket = new ClientWebSocket();
        if (transport == Transport.WebSocketBinary)
            webSocket.Options.AddSubProtocol("sailfish.binary");
        else if (transport == Transport.WebSocketJson)
            webSocket.Options.AddSubProtocol("sailfish.json");
        var port = onWebPort ? server.HttpPort : server.WebSocketPort;
        await webSocket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}{path ?? "/ws"}"), CancellationToken.None).WaitAsync(Wait.Limit);
        return new TestClient(transport, null, webSocket);
    }

    /// <summary>Opens a connection over TCP to whatever listens there.</summary>
    public static async Task<TestClient> OpenAsync(int tcpPort)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, tcpPort).WaitAsync(Wait.Limit);
            return new TestClient(Transport.Tcp, socket, null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection, logs in and checks the answer. The legacy transport logs in by its path.</summary>
    public static async Task<TestClient> LogInAsync(
        ServerProcess server, long userId, Transport transport = Transport.Tcp, int protocol = 2, string? device = null, long? legacyRoom = null, Action<JsonObject>? changeToken = null, string[]? features = null)
    {
        var token = TestTokens.Mint(server, userId, changeToken);
        var path = transport == Transport.WebSocketLegacy
            ? $"/{token}/{userId}" + (legacyRoom is null ? "" : $"/1001/{legacyRoom}")
            : null;
        var client = await OpenAsync(server, transport, path);
        client.UserId = userId;
        if (transport != Transport.WebSocketLegacy)
        {
            var body = new JsonObject { ["token"] = token, ["userId"] = userId, ["appId"] = server.AppId, ["protocol"] = protocol };
            if (device is not null)
                body["deviceId"] = device;
            if (features is not null)
                body["features"] = new JsonArray([.. features.Select(word => (JsonNode)word)]);
            await client.SendAsync(Code.Login, body);
        }

        client.LoginReply = await client.ReceiveAsync();
        Assert.Equal(Code.Login, client.LoginReply.Code);
        return client;
    }

    public Task SendAsync(int code, JsonNode body) => SendRawAsync(Encode(code, body.ToJsonString()));

    /// <summary>The bytes of one frame in this client's dialect.</summary>
    public byte[] Encode(int code, string body) => Transport switch
    {
        Transport.WebSocketJson => Encoding.UTF8.GetBytes($$"""{"code":{{code}},"body":{{body}}}"""),
        Transport.WebSocketLegacy => Encoding.UTF8.GetBytes(new JsonObject { ["magic"] = 19231, ["code"] = code, ["len"] = body.Length, ["body"] = body }.ToJsonString()),
        _ => EncodeBinary(code, Encoding.UTF8.GetBytes(body)),
    };

    public static byte[] EncodeBinary(int code, ReadOnlySpan<byte> body, ushort magic = 18673, int? length = null)
    {
        var frame = new byte[10 + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, magic);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(2), code);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(6), length ?? body.Length);
        body.CopyTo(frame.AsSpan(10));
        return frame;
    }

    /// <summary>Sends bytes as they are; on a WebSocket as one message.</summary>
    public async Task SendRawAsync(byte[] bytes)
    {
        if (_stream is not null)
            await _stream.WriteAsync(bytes).AsTask().WaitAsync(Wait.Limit);
        else
            await _webSocket!.SendAsync(bytes, Transport == Transport.WebSocketBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, true, CancellationToken.None).WaitAsync(Wait.Limit);
    }

    /// <summary>A chat message to a user.</summary>
    public Task ChatAsync(long to, string content, string? clientMsgId = null) =>
        SendAsync(Code.Message, Chat(new JsonObject { ["content"] = content, ["objectId"] = to }, clientMsgId));

    /// <summary>A chat message to a room.</summary>
    public Task ChatInRoomAsync(long room, string content, string? clientMsgId = null) =>
        SendAsync(Code.Message, Chat(new JsonObject { ["content"] = content, ["roomId"] = room }, clientMsgId));

    public static JsonObject Chat(JsonObject data, string? clientMsgId = null, int bizCode = 5555)
    {
        var body = new JsonObject { ["bizCode"] = bizCode, ["data"] = data.ToJsonString() };
        if (clientMsgId is not null)
            body["clientMsgId"] = clientMsgId;
        return body;
    }

    /// <summary>The next change of a room's state, as the inner JSON, passing by other frames.</summary>
    public async Task<JsonObject> HearStateAsync(TimeSpan? limit = null)
    {
        while (true)
        {
            var frame = await ReceiveAsync(Code.Message, limit);
            if (frame.Number("bizCode") == 5574)
                return frame.Data;
        }
    }

    /// <summary>Waits for a change of a room's state that says so.</summary>
    public async Task<JsonObject> HearStateAsync(Func<JsonObject, bool> isMeant)
    {
        while (true)
        {
            if (await HearStateAsync() is var change && isMeant(change))
                return change;
        }
    }

    public async Task<ReceivedFrame> JoinAsync(long room, int history = 0)
    {
        await SendAsync(Code.Join, new JsonObject { ["roomId"] = room, ["history"] = history });
        return await ReceiveAsync(Code.Join);
    }

    /// <summary>The next frame; fails when the connection ends or nothing comes in time.</summary>
    public async Task<ReceivedFrame> ReceiveAsync(TimeSpan? limit = null) =>
        await TryReceiveAsync(limit) ?? throw new EndOfStreamException("The server closed the connection.");

    /// <summary>The next frame of a code, passing by others.</summary>
    public async Task<ReceivedFrame> ReceiveAsync(int code, TimeSpan? limit = null)
    {
        while (true)
        {
            var frame = await ReceiveAsync(limit);
            if (frame.Code == code)
                return frame;
        }
    }

    /// <summary>The next frame; null at the end of the connection.</summary>
    public async Task<ReceivedFrame?> TryReceiveAsync(TimeSpan? limit = null)
    {
        var frame = Transport switch
        {
            Transport.WebSocketJson or Transport.WebSocketLegacy => ReadTextAsync(),
            _ => ReadBinaryAsync(),
        };
        return await frame.WaitAsync(limit ?? Wait.Limit);
    }

    /// <summary>Waits for the end of the connection, passing by frames; returns those.</summary>
    public async Task<List<ReceivedFrame>> DrainAsync()
    {
        List<ReceivedFrame> frames = [];
        while (await TryReceiveAsync() is { } frame)
            frames.Add(frame);
        return frames;
    }

    /// <summary>Fails when a frame that matters comes before an answer to a heartbeat does: so nothing else is under way.</summary>
    public async Task<List<ReceivedFrame>> FlushAsync()
    {
        await SendAsync(Code.Heartbeat, new JsonObject());
        List<ReceivedFrame> before = [];
        while (true)
        {
            var frame = await ReceiveAsync();
            if (frame.Code == Code.Heartbeat)
                return before;
            before.Add(frame);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync();
        _socket?.Dispose();
        _webSocket?.Dispose();
    }

    private async Task<ReceivedFrame?> ReadBinaryAsync()
    {
        while (true)
        {
            if (_carried.Count >= 10)
            {
                var header = _carried.GetRange(0, 10).ToArray();
                var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(6));
                if (_carried.Count >= 10 + length)
                {
                    Assert.Equal(18673, BinaryPrimitives.ReadUInt16BigEndian(header));
                    LastBody = _carried.GetRange(10, length).ToArray();
                    _carried.RemoveRange(0, 10 + length);
                    return new ReceivedFrame(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(2)), JsonNode.Parse(LastBody)!.AsObject());
                }
            }

            var more = await ReadSomeAsync();
            if (more.Length == 0)
                return null;
            _carried.AddRange(more);
        }
    }

    private async Task<ReceivedFrame?> ReadTextAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult result;
        do
        {
            try
            {
                result = await _webSocket!.ReceiveAsync(buffer, CancellationToken.None);
            }
            catch (WebSocketException)
            {
                return null;
            }

            if (result.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, result.Count);
        }
        while (!result.EndOfMessage);
        LastBody = message.ToArray();
        var json = JsonNode.Parse(LastBody)!.AsObject();
        var code = json["code"]!.GetValue<int>();
        if (Transport == Transport.WebSocketJson)
            return new ReceivedFrame(code, json["body"]!.AsObject());
        Assert.Equal(18673, json["magic"]!.GetValue<int>());
        var bytes = json["body"]!.AsArray().Select(b => (byte)b!.GetValue<int>()).ToArray();
        Assert.Equal(bytes.Length, json["len"]!.GetValue<int>());
        LastBody = bytes;
        return new ReceivedFrame(code, JsonNode.Parse(bytes)!.AsObject());
    }

    private async Task<byte[]> ReadSomeAsync()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            if (_stream is not null)
                return buffer[..await _stream.ReadAsync(buffer)];
            var result = await _webSocket!.ReceiveAsync(buffer, CancellationToken.None);
            return result.MessageType == WebSocketMessageType.Close ? [] : buffer[..result.Count];
        }
        catch (Exception gone) when (gone is IOException or WebSocketException)
        {
            return [];
        }
    }
}
