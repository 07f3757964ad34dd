using System.Buffers;
using Sailfish.Protocol.Frames;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Transports;

/// <summary>Binary frames on TCP.</summary>
internal sealed class TcpTransport : Transport
{
    internal override int PortOf(ServerPorts ports) => ports.Tcp;

    internal override void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body) =>
        BinaryFrame.Write(output, code, body);

    internal override int Read(ReadOnlyMemory<byte> received, IFrameSink sink) => BinaryFrames.Read(received.Span, sink);
}
