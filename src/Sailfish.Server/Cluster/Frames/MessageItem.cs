using Sailfish.Server.Conversations;

namespace Sailfish.Server.Cluster.Frames;

/// <summary>
/// A committed message, whole: <c>conversation (33 bytes), flags u8 (1 = it ends its room), seq i64, sender i64, bizCode i32,
/// time i64, length i32, data UTF-8</c>.
/// </summary>
/// <param name="Message">As the log holds it.</param>
/// <param name="Closes">It ends its room.</param>
internal readonly record struct MessageItem(StoredMessage Message, bool Closes) : IFrameItem<MessageItem>
{
    private const byte ClosesFlag = 1;
    private const int FixedSize = ConversationFields.Size + 1 + 8 + 8 + 4 + 8;

    public static FrameKind Kind => FrameKind.Messages;

    public int Size => FixedSize + FieldWriter.SizeOf(Message.Data);

    public void Write(ref FieldWriter fields)
    {
        ConversationFields.Write(ref fields, Message.ConversationId, Message.Conversation);
        fields.Byte(Closes ? ClosesFlag : (byte)0);
        fields.Int64(Message.Seq);
        fields.Int64(Message.SenderId);
        fields.Int32(Message.BizCode);
        fields.Int64(Message.Time);
        fields.Text(Message.Data);
    }

    public static MessageItem Read(ref FieldReader fields)
    {
        var (row, key) = ConversationFields.Read(ref fields);
        var flags = fields.Byte();
        var message = new StoredMessage
        {
            Conversation = key,
            ConversationId = row,
            Seq = fields.Positive(),
            SenderId = fields.Int64(),
            BizCode = fields.Int32(),
            Time = fields.Int64(),
            Data = fields.Text(),
        };
        return new MessageItem(message, (flags & ClosesFlag) != 0);
    }
}
