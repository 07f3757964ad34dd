using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Protocol.Dialects;

/// <summary>A frame as the bytes that go over a connection of some dialect, WebSocket header included.</summary>
public static class FrameEncoder
{
    /// <summary>A whole frame around a body; good until the calling thread encodes the next one.</summary>
    public static ReadOnlySpan<byte> Encode<T>(Dialect dialect, FrameCode code, T body, JsonTypeInfo<T> type)
    {
        var json = Scratch.Body();
        var writer = Scratch.JsonTo(json);
        JsonSerializer.Serialize(writer, body, type);
        writer.Flush();
        return Encode(dialect, code, json.WrittenSpan);
    }

    /// <summary>A whole frame around the bytes of a body; good until the calling thread encodes the next one.</summary>
    public static ReadOnlySpan<byte> Encode(Dialect dialect, FrameCode code, ReadOnlySpan<byte> body)
    {
        var frame = Scratch.Frame();
        Write(frame, dialect, code, body);
        return frame.WrittenSpan;
    }

    /// <summary>Writes a server-to-client frame.</summary>
    public static void Write(IBufferWriter<byte> output, Dialect dialect, FrameCode code, ReadOnlySpan<byte> body)
    {
        switch (dialect)
        {
            case Dialect.Binary:
                BinaryFrame.Write(output, code, body);
                break;
            case Dialect.WebSocketBinary:
                WebSocketFrame.WriteHeader(output, WebSocketOpcode.Binary, BinaryFrame.HeaderSize + body.Length);
                BinaryFrame.Write(output, code, body);
                break;
            default:
                var text = new ArrayBufferWriter<byte>(body.Length + 64);
                if (dialect == Dialect.WebSocketJson)
                    JsonEnvelope.Write(text, code, body);
                else
                    LegacyEnvelope.Write(text, code, body);
                WebSocketFrame.WriteHeader(output, WebSocketOpcode.Text, text.WrittenCount);
                output.Write(text.WrittenSpan);
                break;
        }
    }
}
