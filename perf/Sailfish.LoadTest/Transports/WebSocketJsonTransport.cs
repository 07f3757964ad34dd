using System.Buffers;
using System.Text;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.LoadTest.Transports;

/// <summary>Subprotocol <c>sailfish.json</c>.</summary>
internal sealed class WebSocketJsonTransport : WebSocketTransport
{
    private readonly ArrayBufferWriter<byte> _text = new();

    internal WebSocketJsonTransport()
        : base("sailfish.json", WebSocketOpcode.Text)
    {
    }

    internal override void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        _text.ResetWrittenCount();
        JsonEnvelope.Write(_text, code, body);
        WriteMessage(output, _text.WrittenSpan);
    }

    protected override void ReadMessage(ReadOnlyMemory<byte> payload, IFrameSink sink)
    {
        if (JsonEnvelope.TryRead(payload, out var frame) != FrameReadStatus.Frame)
            throw new LoadTestException($"The server sent no frame: {Encoding.UTF8.GetString(payload.Span)}");
        sink.OnFrame(frame.Code, frame.Body.FirstSpan);
    }
}
