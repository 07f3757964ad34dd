using System.Buffers;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.LoadTest.Transports;

/// <summary>Subprotocol <c>sailfish.binary</c>.</summary>
internal sealed class WebSocketBinaryTransport : WebSocketTransport
{
    private readonly ArrayBufferWriter<byte> _frame = new();

    internal WebSocketBinaryTransport()
        : base(WebSocketOpcode.Binary)
    {
    }

    protected override string Subprotocol => "sailfish.binary";

    internal override void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        _frame.ResetWrittenCount();
        BinaryFrame.Write(_frame, code, body);
        WriteMessage(output, _frame.WrittenSpan);
    }

    protected override void ReadMessage(ReadOnlyMemory<byte> payload, IFrameSink sink)
    {
        if (BinaryFrames.Read(payload.Span, sink) != payload.Length)
            throw new LoadTestException("The server split a frame over two WebSocket messages.");
    }
}
