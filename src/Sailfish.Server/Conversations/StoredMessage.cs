using System.Globalization;
using System.Text;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;

namespace Sailfish.Server.Conversations;

/// <summary>
/// A message as the log holds it. Encodings are made when first asked for and shared by all receivers.
/// </summary>
internal sealed class StoredMessage
{
    /// <summary>The least bytes that stand around a message's data, on the wire and in memory.</summary>
    public const int Envelope = 120;

    private EncodedMessage?[]? _encoded;
    private string? _msgId;
    private string? _conversationName;

    public required ConversationKey Conversation { get; init; }

    /// <summary>The conversation's row.</summary>
    public required long ConversationId { get; init; }

    public required long Seq { get; init; }

    public required long SenderId { get; init; }

    public required int BizCode { get; init; }

    public required string Data { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long Time { get; init; }

    /// <summary>What it counts for where reads are bounded by bytes.</summary>
    public int Size => Envelope + Encoding.UTF8.GetByteCount(Data);

    /// <summary>Conversation row and seq: an ack by msgId finds its place without a look-up table.</summary>
    public string MsgId => _msgId ??= MessageId.Format(ConversationId, Seq);

    /// <summary>The conversation's name on the wire.</summary>
    public string ConversationName => _conversationName ??= Conversation.Name;

    public EncodedMessage Encode(Dialect dialect, int protocol)
    {
        var index = EncodingIndex(dialect, protocol);
        // Two threads may both encode: the bytes are the same, and the last one stays.
        _encoded ??= new EncodedMessage?[EncodingCount];
        return _encoded[index] ??= MessageEncoder.Encode(ToBody(receiver: 0), dialect, protocol);
    }

    public MessageBody ToBody(long receiver) => new()
    {
        AppId = Conversation.AppId,
        UserId = receiver,
        BizCode = BizCode,
        Data = Data,
        MsgId = MsgId,
        Conversation = ConversationName,
        Seq = Seq,
        Time = Time,
    };

    /// <summary>Four dialects, each for protocol 1 and 2.</summary>
    public const int EncodingCount = 8;

    public static int EncodingIndex(Dialect dialect, int protocol) => ((int)dialect * 2) + (protocol >= 2 ? 1 : 0);
}

/// <summary>The text form of a message's place: <c>{conversation row}-{seq}</c>.</summary>
internal static class MessageId
{
    public static string Format(long conversationId, long seq) =>
        string.Create(CultureInfo.InvariantCulture, $"{conversationId}-{seq}");

    public static bool TryParse(ReadOnlySpan<char> text, out long conversationId, out long seq)
    {
        var dash = text.IndexOf('-');
        seq = 0;
        conversationId = 0;
        return dash > 0
            && Protocol.Ids.TryParse(text[..dash], out conversationId)
            && Protocol.Ids.TryParse(text[(dash + 1)..], out seq)
            && seq > 0;
    }
}
