using System.Buffers;
using System.Text;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.LoadTest.Transports;

/// <summary>Subprotocol <c>sailfish.json</c>.</summary>
internal sealed class WebSocketJsonTransport : WebSocketTransport
{
    /// <summary>How the server begins a MESSAGE; a whole JSON parse of each costs more than the server's work on it.</summary>
    private static readonly byte[] MessageStart = "{\"code\":1003,\"body\":"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _text = new();

    internal WebSocketJsonTransport()
        : base(WebSocketOpcode.Text)
    {
    }

    protected override string Subprotocol => "sailfish.json";

    internal override void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        _text.ResetWrittenCount();
        JsonEnvelope.Write(_text, code, body);
        WriteMessage(output, _text.WrittenSpan);
    }

    protected override void ReadMessage(ReadOnlyMemory<byte> payload, IFrameSink sink)
    {
        if (payload.Span.StartsWith(MessageStart) && payload.Span[^1] == (byte)'}')
            sink.OnFrame(FrameCode.Message, payload.Span[MessageStart.Length..^1]);
        else if (JsonEnvelope.TryRead(payload, out var frame) != FrameReadStatus.Frame)
            throw new LoadTestException($"The server sent no frame: {Encoding.UTF8.GetString(payload.Span)}");
        else
            sink.OnFrame(frame.Code, frame.Body.FirstSpan);
    }
}
