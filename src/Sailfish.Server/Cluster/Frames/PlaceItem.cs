using Sailfish.Server.Conversations;

namespace Sailfish.Server.Cluster.Frames;

/// <summary>
/// Where in the log messages stand that one commit brought, for the receiver to read: <c>conversation (33 bytes), flags u8
/// (1 = the last of them ends its room), first seq i64, count u16</c>.
/// </summary>
/// <param name="ConversationId">The conversation's row.</param>
/// <param name="Conversation">Its key.</param>
/// <param name="FirstSeq">The first of them.</param>
/// <param name="Count">How many, one after the other.</param>
/// <param name="Closes">The last of them ends its room.</param>
internal readonly record struct PlaceItem(long ConversationId, ConversationKey Conversation, long FirstSeq, int Count, bool Closes) : IFrameItem<PlaceItem>
{
    public const int MaxCount = ushort.MaxValue;
    private const byte ClosesFlag = 1;

    public static FrameKind Kind => FrameKind.Places;

    public int Size => ConversationFields.Size + 1 + 8 + 2;

    public long LastSeq => FirstSeq + Count - 1;

    public void Write(ref FieldWriter fields)
    {
        ConversationFields.Write(ref fields, ConversationId, Conversation);
        fields.Byte(Closes ? ClosesFlag : (byte)0);
        fields.Int64(FirstSeq);
        fields.UInt16((ushort)Count);
    }

    public static PlaceItem Read(ref FieldReader fields)
    {
        var (row, key) = ConversationFields.Read(ref fields);
        var flags = fields.Byte();
        var first = fields.Positive();
        var count = fields.UInt16();
        fields.Demand(count > 0 && first <= long.MaxValue - count);
        return new PlaceItem(row, key, first, count, (flags & ClosesFlag) != 0);
    }
}
