using System.Buffers;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Protocol.Dialects;

/// <summary>Encodes a MESSAGE once for all receivers of one dialect and protocol version.</summary>
public static class MessageEncoder
{
    /// <summary>
    /// Encodes <paramref name="message"/>; its <see cref="MessageBody.UserId"/> is left to the slot.
    /// Protocol 1 does not get <c>conversation</c>, <c>seq</c> and <c>time</c>.
    /// </summary>
    public static EncodedMessage Encode(MessageBody message, Dialect dialect, int protocol)
    {
        ArgumentNullException.ThrowIfNull(message);
        var body = Scratch.Body();
        var slot = WriteBody(body, message, protocol);
        return dialect switch
        {
            Dialect.Binary => Binary(body.WrittenSpan, slot),
            Dialect.WebSocketBinary => WebSocketBinary(body.WrittenSpan, slot),
            Dialect.WebSocketJson => WebSocketJson(body.WrittenSpan, slot),
            _ => WebSocketLegacy(body.WrittenSpan, slot),
        };
    }

    /// <summary>Bytes of the body that <see cref="Encode"/> makes for protocol 2, the larger one.</summary>
    public static int BodyLength(MessageBody message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var body = Scratch.Body();
        WriteBody(body, message, protocol: 2);
        return body.WrittenCount;
    }

    /// <summary>Writes the body; returns where its slot begins.</summary>
    private static int WriteBody(ArrayBufferWriter<byte> output, MessageBody message, int protocol)
    {
        output.Write("{\"userId\":"u8);
        var slot = output.WrittenCount;
        output.GetSpan(ReceiverSlot.Width)[..ReceiverSlot.Width].Fill((byte)' ');
        output.Advance(ReceiverSlot.Width);
        output.Write(",\"appId\":"u8);
        Digits.Write(output, message.AppId);
        output.Write(",\"bizCode\":"u8);
        Digits.Write(output, message.BizCode);
        WriteString(output, ",\"msgId\":"u8, message.MsgId);
        if (protocol >= 2)
        {
            WriteString(output, ",\"conversation\":"u8, message.Conversation);
            WriteNumber(output, ",\"seq\":"u8, message.Seq);
            WriteNumber(output, ",\"time\":"u8, message.Time);
        }

        WriteString(output, ",\"data\":"u8, message.Data);
        output.Write("}"u8);
        return slot;
    }

    private static void WriteString(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
            return;
        output.Write(name);
        JsonText.Write(output, value);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> name, long? value)
    {
        if (value is null)
            return;
        output.Write(name);
        Digits.Write(output, value.Value);
    }

    private static EncodedMessage Binary(ReadOnlySpan<byte> body, int slot)
    {
        var frame = new byte[BinaryFrame.HeaderSize + body.Length];
        BinaryFrame.WriteHeader(frame, FrameCode.Message, body.Length);
        body.CopyTo(frame.AsSpan(BinaryFrame.HeaderSize));
        return new EncodedMessage(frame, BinaryFrame.HeaderSize + slot);
    }

    private static EncodedMessage WebSocketBinary(ReadOnlySpan<byte> body, int slot)
    {
        var frame = new ArrayBufferWriter<byte>(WebSocketFrame.MaxHeaderSize + BinaryFrame.HeaderSize + body.Length);
        WebSocketFrame.WriteHeader(frame, WebSocketOpcode.Binary, BinaryFrame.HeaderSize + body.Length);
        var start = frame.WrittenCount + BinaryFrame.HeaderSize;
        BinaryFrame.Write(frame, FrameCode.Message, body);
        return new EncodedMessage(frame.WrittenSpan.ToArray(), start + slot);
    }

    private static EncodedMessage WebSocketJson(ReadOnlySpan<byte> body, int slot)
    {
        var text = new ArrayBufferWriter<byte>(body.Length + 32);
        JsonEnvelope.WriteStart(text, FrameCode.Message);
        var start = text.WrittenCount;
        text.Write(body);
        text.Write("}"u8);
        return Text(text.WrittenSpan, start + slot);
    }

    private static EncodedMessage WebSocketLegacy(ReadOnlySpan<byte> body, int slot)
    {
        var text = new ArrayBufferWriter<byte>((body.Length * 4) + 64);
        LegacyEnvelope.Write(text, FrameCode.Message, body);
        // Each byte before the slot is printed as two or three digits and a comma: count rather than compute.
        var before = new ArrayBufferWriter<byte>(slot * 4);
        LegacyEnvelope.WriteSigned(before, body[..slot]);
        var start = "{\"body\":["u8.Length + before.WrittenCount + ",".Length;
        return Text(text.WrittenSpan, start);
    }

    private static EncodedMessage Text(ReadOnlySpan<byte> text, int slot)
    {
        var frame = new ArrayBufferWriter<byte>(WebSocketFrame.MaxHeaderSize + text.Length);
        WebSocketFrame.WriteHeader(frame, WebSocketOpcode.Text, text.Length);
        var header = frame.WrittenCount;
        frame.Write(text);
        return new EncodedMessage(frame.WrittenSpan.ToArray(), header + slot);
    }
}
