using System.Buffers;
using System.Text.Json;
using Sailfish.Protocol.Frames;

namespace Sailfish.Protocol.Dialects;

/// <summary>
/// The subprotocol <c>sailfish.json</c>: <c>{"code":1003,"body":{…}}</c>, members in any order, others ignored,
/// an absent body standing for <c>{}</c>.
/// </summary>
public static class JsonEnvelope
{
    private static readonly ReadOnlyMemory<byte> EmptyBody = "{}"u8.ToArray();

    /// <summary>Reads the frame in one message. The frame's body is a slice of <paramref name="message"/>.</summary>
    public static FrameReadStatus TryRead(ReadOnlyMemory<byte> message, out Frame frame)
    {
        frame = default;
        int? code = null;
        ReadOnlyMemory<byte>? body = null;
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
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    body = message[start..(int)reader.BytesConsumed];
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
            // An escape in a member's name that is half a surrogate pair.
            return FrameReadStatus.BadEnvelope;
        }

        if (code is null)
            return FrameReadStatus.BadEnvelope;
        if (!FrameCodes.IsKnown(code.Value))
            return FrameReadStatus.UnknownCode;
        frame = new Frame((FrameCode)code.Value, new ReadOnlySequence<byte>(body ?? EmptyBody));
        return FrameReadStatus.Frame;
    }

    /// <summary>Writes one message around <paramref name="body"/>.</summary>
    public static void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        WriteStart(output, code);
        output.Write(body);
        output.Write("}"u8);
    }

    /// <summary>Writes what stands before the body; a <c>}</c> follows the body.</summary>
    internal static void WriteStart(IBufferWriter<byte> output, FrameCode code)
    {
        output.Write("{\"code\":"u8);
        Digits.Write(output, (int)code);
        output.Write(",\"body\":"u8);
    }
}
