using System.Buffers;
using System.Text.Json;
using Sailfish.Protocol.Frames;

namespace Sailfish.Protocol.Dialects;

/// <summary>
/// The seed's WebSocket text. In: <c>{"magic":…,"code":…,"len":…,"body":"…"}</c>, magic and len not looked at.
/// Out: <c>{"body":[signed bytes],"code":…,"len":…,"magic":18673}</c>, as the seed's JSON writer prints a
/// Java <c>byte[]</c>.
/// </summary>
public static class LegacyEnvelope
{
    /// <summary>Reads the frame in one message. The body's JSON is unescaped into bytes of its own.</summary>
    public static FrameReadStatus TryRead(ReadOnlyMemory<byte> message, out Frame frame)
    {
        frame = default;
        int? code = null;
        ReadOnlyMemory<byte> body = "{}"u8.ToArray();
        try
        {
            var reader = new Utf8JsonReader(message.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return FrameReadStatus.BadEnvelope;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("code"u8))
                {
                    reader.Read();
                    if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var value))
                        return FrameReadStatus.BadEnvelope;
                    code = value;
                }
                else if (reader.ValueTextEquals("body"u8))
                {
                    reader.Read();
                    body = ReadBody(ref reader, message);
                }
                else
                {
                    reader.Skip();
                }
            }

            if (reader.Read())
                return FrameReadStatus.BadEnvelope;
        }
        catch (JsonException)
        {
            return FrameReadStatus.BadEnvelope;
        }
        catch (InvalidOperationException)
        {
            // An escape in the body or a member's name that is half a surrogate pair, or a body that is not UTF-8.
            return FrameReadStatus.BadEnvelope;
        }

        if (code is null)
            return FrameReadStatus.BadEnvelope;
        if (!FrameCodes.IsKnown(code.Value))
            return FrameReadStatus.UnknownCode;
        frame = new Frame((FrameCode)code.Value, new ReadOnlySequence<byte>(body));
        return FrameReadStatus.Frame;
    }

    /// <summary>Writes one message around <paramref name="body"/>.</summary>
    public static void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        output.Write("{\"body\":["u8);
        WriteSigned(output, body);
        output.Write("],\"code\":"u8);
        Digits.Write(output, (int)code);
        output.Write(",\"len\":"u8);
        Digits.Write(output, body.Length);
        output.Write(",\"magic\":18673}"u8);
    }

    /// <summary>Writes bytes as −128…127 with commas between.</summary>
    internal static void WriteSigned(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i > 0)
                output.Write(","u8);
            Digits.Write(output, (sbyte)bytes[i]);
        }
    }

    private static ReadOnlyMemory<byte> ReadBody(ref Utf8JsonReader reader, ReadOnlyMemory<byte> message)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var unescaped = new byte[reader.ValueSpan.Length];
            return unescaped.AsMemory(0, reader.CopyString(unescaped));
        }

        // Not what the seed writes, but an object says the same thing.
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return message[start..(int)reader.BytesConsumed];
    }
}
