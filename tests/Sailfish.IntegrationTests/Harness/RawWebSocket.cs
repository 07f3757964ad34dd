using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>A WebSocket frame of the server's.</summary>
public sealed record RawWebSocketFrame(int Opcode, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>The code of a close frame; 1005 stands for none (RFC 6455, section 7.1.5).</summary>
    public int CloseCode => Payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(Payload) : 1005;
}

/// <summary>RFC 6455 by hand: a client that can do everything wrong.</summary>
public sealed class RawWebSocket : IAsyncDisposable
{
    public const int Continuation = 0x0;
    public const int Text = 0x1;
    public const int Binary = 0x2;
    public const int Close = 0x8;
    public const int Ping = 0x9;
    public const int Pong = 0xA;

    /// <summary>The RFC's own example.</summary>
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private RawWebSocket(RawSocket socket, string head)
    {
        Socket = socket;
        Head = head;
    }

    public RawSocket Socket { get; }

    /// <summary>The head of the server's answer.</summary>
    public string Head { get; }

    /// <summary>The request head of an opening handshake.</summary>
    public static string Request(string path = "/ws", string? protocol = null, string headers = "", string version = "13", string key = Key, string host = "127.0.0.1") =>
        $"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        + $"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: {version}\r\n"
        + (protocol is null ? "" : $"Sec-WebSocket-Protocol: {protocol}\r\n") + headers + "\r\n";

    /// <summary>Opens one and checks the handshake.</summary>
    public static async Task<RawWebSocket> OpenAsync(int port, string path = "/ws", string? protocol = "sailfish.json", string headers = "", bool tls = false)
    {
        var socket = await RawSocket.ConnectAsync(port, tls: tls);
        await socket.SendAsync(Request(path, protocol, headers));
        return await AcceptAsync(socket);
    }

    /// <summary>Reads the answer to a request that was sent, and checks it.</summary>
    public static async Task<RawWebSocket> AcceptAsync(RawSocket socket)
    {
        var head = await socket.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101 ", head);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", head);
        return new RawWebSocket(socket, head);
    }

    /// <summary>The bytes of one frame, masked with random bytes unless told otherwise.</summary>
    public static byte[] Frame(int opcode, ReadOnlySpan<byte> payload, bool fin = true, int reserved = 0, bool masked = true, long? length = null)
    {
        var declared = length ?? payload.Length;
        var head = new List<byte> { (byte)((fin ? 0x80 : 0) | (reserved << 4) | opcode) };
        var maskBit = masked ? 0x80 : 0;
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, declared);
        switch (declared)
        {
            case >= 0 and < 126:
                head.Add((byte)(maskBit | (int)declared));
                break;
            case >= 0 and <= ushort.MaxValue:
                head.Add((byte)(maskBit | 126));
                head.AddRange(number[6..]);
                break;
            default:
                head.Add((byte)(maskBit | 127));
                head.AddRange(number);
                break;
        }

        var body = payload.ToArray();
        if (masked)
        {
            var key = RandomNumberGenerator.GetBytes(4);
            head.AddRange(key);
            for (var i = 0; i < body.Length; i++)
                body[i] ^= key[i & 3];
        }

        return [.. head, .. body];
    }

    public static byte[] Frame(int opcode, string payload, bool fin = true) => Frame(opcode, Encoding.UTF8.GetBytes(payload), fin);

    /// <summary>A frame of ours as a message of <c>sailfish.json</c>.</summary>
    public static string Json(int code, JsonNode? body = null) => $$"""{"code":{{code}},"body":{{(body ?? new JsonObject()).ToJsonString()}}}""";

    public Task SendAsync(byte[] bytes) => Socket.SendAsync(bytes);

    public Task SendAsync(int opcode, string payload, bool fin = true) => SendAsync(Frame(opcode, payload, fin));

    /// <summary>LOGIN in sailfish.json; checks the answer.</summary>
    public async Task LogInAsync(ServerProcess server, long userId)
    {
        await SendAsync(Text, Json(Code.Login, LoginBody(server, userId)));
        Assert.Equal(Code.Login, (await ReadJsonAsync()).Code);
    }

    public static JsonObject LoginBody(ServerProcess server, long userId, int protocol = 2, string? token = null) => new()
    {
        ["token"] = token ?? TestTokens.Mint(server, userId),
        ["userId"] = userId,
        ["appId"] = server.AppId,
        ["protocol"] = protocol,
    };

    /// <summary>The next frame; null when the socket ends. The server's frames are whole and not masked.</summary>
    public async Task<RawWebSocketFrame?> ReadAsync()
    {
        if (await Socket.ReadAsync(2) is not { } head)
            return null;
        Assert.Equal(0x80, head[0] & 0xF0);
        Assert.True(head[1] < 0x80, "A server does not mask.");
        long length = head[1];
        if (length == 126)
            length = BinaryPrimitives.ReadUInt16BigEndian(await Socket.ReadAsync(2));
        else if (length == 127)
            length = BinaryPrimitives.ReadInt64BigEndian(await Socket.ReadAsync(8));
        return await Socket.ReadAsync((int)length) is { } payload ? new RawWebSocketFrame(head[0] & 0xF, payload) : null;
    }

    /// <summary>The next frame, which is a message of sailfish.json.</summary>
    public async Task<ReceivedFrame> ReadJsonAsync()
    {
        var frame = await ReadAsync() ?? throw new EndOfStreamException("The server closed the connection.");
        Assert.Equal(Text, frame.Opcode);
        var json = JsonNode.Parse(frame.Payload)!.AsObject();
        return new ReceivedFrame(json["code"]!.GetValue<int>(), json["body"]!.AsObject());
    }

    /// <summary>Reads up to the close frame, which ends the stream; returns its code and the frames before it.</summary>
    public async Task<(int CloseCode, List<RawWebSocketFrame> Before)> ReadToCloseAsync()
    {
        List<RawWebSocketFrame> before = [];
        while (await ReadAsync() is { } frame)
        {
            if (frame.Opcode != Close)
            {
                before.Add(frame);
                continue;
            }

            Assert.Empty(await Socket.ReadToEndAsync());
            return (frame.CloseCode, before);
        }

        throw new EndOfStreamException("The connection ended without a close frame.");
    }

    /// <summary>The code that the server closes with; frames before it are passed by.</summary>
    public async Task<int> CloseCodeAsync() => (await ReadToCloseAsync()).CloseCode;

    public ValueTask DisposeAsync() => Socket.DisposeAsync();
}
