using System.Buffers;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Transports;

/// <summary>How the frames of a session stand on its socket (docs/protocol.md, section 3).</summary>
internal abstract class Transport
{
    /// <summary>Which of the server's ports.</summary>
    internal abstract int PortOf(ServerPorts ports);

    /// <summary>Which protocol a session speaks (docs/protocol.md, section 1).</summary>
    internal virtual int Protocol => 2;

    /// <summary>Whether the opening is the LOGIN as well.</summary>
    internal virtual bool LogsInByOpening => false;

    /// <summary>Whether a heartbeat gets a reply of its own.</summary>
    internal virtual bool AnswersHeartbeats => true;

    /// <summary>Writes what opens the connection; nothing when a LOGIN may come first.</summary>
    internal virtual void WriteOpening(IBufferWriter<byte> output, string token, long userId)
    {
    }

    /// <summary>Takes the answer to the opening: its length, 0 when it is not whole yet.</summary>
    internal virtual int ReadOpeningAnswer(ReadOnlySpan<byte> received) => 0;

    /// <summary>Writes one frame from client to server.</summary>
    internal abstract void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body);

    /// <summary>Hands whole frames to <paramref name="sink"/>; returns how many bytes they took.</summary>
    internal abstract int Read(ReadOnlyMemory<byte> received, IFrameSink sink);

    internal static Transport Of(TransportKind kind) => kind switch
    {
        TransportKind.WsBinary => new WebSocketBinaryTransport(),
        TransportKind.WsJson => new WebSocketJsonTransport(),
        TransportKind.WsLegacy => new WebSocketLegacyTransport(),
        TransportKind.SignalR => new SignalRTransport(),
        TransportKind.Nats => new NatsTransport(),
        _ => new TcpTransport(),
    };

    /// <summary>The room that a JOIN names, for a protocol that has other words for it.</summary>
    private protected static long RoomOfJoin(ReadOnlySpan<byte> body) =>
        BodyJson.TryRead(new ReadOnlySequence<byte>(body.ToArray()), BodyJson.Wire.RoomRequest, out var request)
            ? request.RoomId
            : throw new LoadTestException("A JOIN names a room.");
}
