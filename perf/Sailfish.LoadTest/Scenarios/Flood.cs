using System.Buffers;
using System.Text;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The bytes of a flood: what opens the connection once, and what then comes again and again.</summary>
/// <param name="Port">Where it goes.</param>
/// <param name="Opening">Sent once on each connection.</param>
/// <param name="Block">Sent as long as the connection takes it.</param>
internal sealed record Flood(int Port, byte[] Opening, byte[] Block)
{
    /// <summary>As much as a system call moves without being the bottleneck.</summary>
    private const int BlockSize = 64 * 1024;

    /// <summary>Masked with a key of zeros, as the empty payloads need none.</summary>
    private static readonly byte[] Mask = new byte[4];

    internal static Flood Of(FloodKind kind, App app, ServerPorts ports, long userId) => kind switch
    {
        FloodKind.Ack => LoggedIn(app, ports, userId, FrameCode.Ack, """{"msgId":"987654321-1"}"""),
        FloodKind.Leave => LoggedIn(app, ports, userId, FrameCode.Leave, """{"roomId":7}"""),
        FloodKind.Login => LoggedIn(app, ports, userId, FrameCode.Login, "{}"),
        FloodKind.Heartbeat => LoggedIn(app, ports, userId, FrameCode.Heartbeat, "{}"),
        FloodKind.Sync => LoggedIn(app, ports, userId, FrameCode.Sync, """{"after":{"d:10001:10002":0}}"""),
        FloodKind.Join => LoggedIn(app, ports, userId, FrameCode.Join, """{"roomId":-1}"""),
        FloodKind.Message => LoggedIn(app, ports, userId, FrameCode.Message, """{"bizCode":5555,"data":"{\"content\":\"x\",\"objectId\":10001}"}"""),
        FloodKind.Body => LoggedIn(app, ports, userId, FrameCode.Join, """{"roomId":"x"}"""),
        FloodKind.Pong => Upgraded(ports, [], [0x8A, 0x80, .. Mask]),
        FloodKind.Ping => Upgraded(ports, [], [0x89, 0x80, .. Mask]),
        FloodKind.Continuation => Upgraded(ports, [0x01, 0x80, .. Mask], [0x00, 0x80, .. Mask]),
        FloodKind.Frame => new Flood(ports.Tcp, [], Repeat(Encoding.ASCII.GetBytes("no frame "))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static Flood LoggedIn(App app, ServerPorts ports, long userId, FrameCode code, string body)
    {
        var login = new LoginRequest { Token = new TokenMinter(app).Mint(userId), UserId = userId, AppId = app.Id, Protocol = 2 };
        return new Flood(
            ports.Tcp,
            Frame(FrameCode.Login, BodyJson.ToBytes(login, BodyJson.Wire.LoginRequest)),
            Repeat(Frame(code, Encoding.UTF8.GetBytes(body))));
    }

    private static Flood Upgraded(ServerPorts ports, byte[] first, byte[] frame)
    {
        var head = new ArrayBufferWriter<byte>();
        new WebSocketJsonTransport().WriteOpening(head, "", 0);
        return new Flood(ports.WebSocket, [.. head.WrittenSpan, .. first], Repeat(frame));
    }

    private static byte[] Frame(FrameCode code, ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>();
        BinaryFrame.Write(output, code, body);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Repeat(byte[] frame) => [.. Enumerable.Repeat(frame, Math.Max(1, BlockSize / frame.Length)).SelectMany(b => b)];
}
