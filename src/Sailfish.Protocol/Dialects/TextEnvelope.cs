using System.Buffers;
using System.Text.Json;
using Sailfish.Protocol.Frames;

namespace Sailfish.Protocol.Dialects;

/// <summary>
/// What both text dialects read: an object with <c>code</c> and <c>body</c>, members in any order, others ignored, an
/// absent body standing for <c>{}</c>.
/// </summary>
internal static class TextEnvelope
{
    private static readonly ReadOnlyMemory<byte> EmptyBody = "{}"u8.ToArray();

    /// <param name="message">One whole WebSocket message.</param>
    /// <param name="allowStringBody">Whether the body may be a string that holds the JSON, as the seed writes it.</param>
    /// <param name="frame">The frame; its body is a slice of the message, or bytes of its own.</param>
    public static FrameReadStatus TryRead(ReadOnlyMemory<byte> message, bool allowStringBody, out Frame frame)
    {
        frame = default;
        int? code = null;
        var body = EmptyBody;
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
                    body = ReadBody(ref reader, message, allowStringBody);
                }
                else
                {
                    reader.Skip();
                }
            }

            if (reader.Read())
                return FrameReadStatus.BadEnvelope;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair, in a name or in the body.
            return FrameReadStatus.BadEnvelope;
        }

        if (code is null)
            return FrameReadStatus.BadEnvelope;
        if (!FrameCodes.IsKnown(code.Value))
            return FrameReadStatus.UnknownCode;
        frame = new Frame((FrameCode)code.Value, new ReadOnlySequence<byte>(body));
        return FrameReadStatus.Frame;
    }

    private static ReadOnlyMemory<byte> ReadBody(ref Utf8JsonReader reader, ReadOnlyMemory<byte> message, bool allowStringBody)
    {
        if (allowStringBody && reader.TokenType == JsonTokenType.String)
        {
            var unescaped = new byte[reader.ValueSpan.Length];
            return unescaped.AsMemory(0, reader.CopyString(unescaped));
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return message[start..(int)reader.BytesConsumed];
    }
}
