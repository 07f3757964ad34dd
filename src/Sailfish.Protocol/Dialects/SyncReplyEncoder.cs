using System.Buffers;
using Sailfish.Protocol.Frames;

namespace Sailfish.Protocol.Dialects;

/// <summary>Encodes a SYNC reply from messages that are encoded already, as they were for a push.</summary>
public static class SyncReplyEncoder
{
    /// <summary>
    /// The most bytes of messages in a reply, and so of one, which could not be pulled else: a frame less what stands around
    /// the messages, member names and 100 conversations with their first seqs.
    /// </summary>
    public const int MaxMessageBytes = BinaryFrame.DefaultMaxBody - (6 * 1024);

    /// <summary>Bytes that one message takes in a reply, with the comma before the next.</summary>
    /// <param name="message">As <see cref="MessageEncoder"/> made it for <see cref="Dialect.Binary"/>, protocol 2.</param>
    public static int LengthOf(EncodedMessage message) => message.Bytes.Length - BinaryFrame.HeaderSize + ",".Length;

    /// <summary>The whole frame; good until the calling thread encodes the next one.</summary>
    /// <param name="dialect">How the receiver's connection speaks.</param>
    /// <param name="receiver">Stands in each message as its <c>userId</c>.</param>
    /// <param name="messages">Each made for <see cref="Dialect.Binary"/>, protocol 2.</param>
    /// <param name="more">Whether there are more to be asked for.</param>
    /// <param name="firstSeqs">The first seq that exists of conversations whose older messages are gone.</param>
    public static ReadOnlySpan<byte> Encode(
        Dialect dialect, long receiver, IReadOnlyList<EncodedMessage> messages, bool more, IReadOnlyDictionary<string, long> firstSeqs)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(firstSeqs);
        var body = Scratch.Body();
        body.Write("{\"messages\":["u8);
        for (var i = 0; i < messages.Count; i++)
        {
            if (i > 0)
                body.Write(","u8);
            Write(body, messages[i], receiver);
        }

        body.Write(more ? "],\"more\":true"u8 : "],\"more\":false"u8);
        if (firstSeqs.Count > 0)
            Write(body, firstSeqs);
        body.Write("}"u8);
        return FrameEncoder.Encode(dialect, FrameCode.Sync, body.WrittenSpan);
    }

    private static void Write(ArrayBufferWriter<byte> output, EncodedMessage message, long receiver)
    {
        var body = message.Bytes.AsSpan(BinaryFrame.HeaderSize);
        var copy = output.GetSpan(body.Length);
        body.CopyTo(copy);
        ReceiverSlot.Write(copy.Slice(message.SlotOffset - BinaryFrame.HeaderSize, ReceiverSlot.Width), Dialect.Binary, receiver);
        output.Advance(body.Length);
    }

    private static void Write(ArrayBufferWriter<byte> output, IReadOnlyDictionary<string, long> firstSeqs)
    {
        output.Write(",\"truncated\":true,\"firstSeq\":"u8);
        var writer = Scratch.JsonTo(output);
        writer.WriteStartObject();
        foreach (var (conversation, seq) in firstSeqs)
            writer.WriteNumber(conversation, seq);
        writer.WriteEndObject();
        writer.Flush();
    }
}
