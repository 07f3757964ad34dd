using System.Buffers;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Transports;

/// <summary>How the frames of a session stand on its socket (docs/protocol.md, section 3).</summary>
internal abstract class Transport
{
    /// <summary>Which of the server's ports.</summary>
    internal abstract int PortOf(Harness.ServerPorts ports);

    /// <summary>What opens the connection; empty when a LOGIN may come first.</summary>
    internal abstract ReadOnlyMemory<byte> Opening { get; }

    /// <summary>Takes the answer to <see cref="Opening"/>: its length, 0 when it is not whole yet.</summary>
    internal abstract int ReadOpeningAnswer(ReadOnlySpan<byte> received);

    /// <summary>Writes one frame from client to server.</summary>
    internal abstract void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body);

    /// <summary>Hands whole frames to <paramref name="sink"/>; returns how many bytes they took.</summary>
    internal abstract int Read(ReadOnlyMemory<byte> received, IFrameSink sink);

    internal static Transport Of(TransportKind kind) => kind switch
    {
        TransportKind.WsBinary => new WebSocketBinaryTransport(),
        TransportKind.WsJson => new WebSocketJsonTransport(),
        _ => new TcpTransport(),
    };
}
