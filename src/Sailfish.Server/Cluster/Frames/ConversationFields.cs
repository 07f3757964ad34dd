using Sailfish.Server.Conversations;

namespace Sailfish.Server.Cluster.Frames;

/// <summary>
/// The conversation of an item: <c>row i64, app i64, kind u8, low i64, high i64</c>. With the key, so that whoever gets it
/// needs no look into the store.
/// </summary>
internal static class ConversationFields
{
    public const int Size = 8 + 8 + 1 + 8 + 8;

    public static void Write(ref FieldWriter fields, long row, ConversationKey key)
    {
        fields.Int64(row);
        fields.Int64(key.AppId);
        fields.Byte((byte)key.Kind);
        fields.Int64(key.Low);
        fields.Int64(key.High);
    }

    public static (long Row, ConversationKey Key) Read(ref FieldReader fields)
    {
        var row = fields.Positive();
        var appId = fields.Int64();
        var kind = (ConversationKind)fields.Byte();
        fields.Demand(kind is ConversationKind.Direct or ConversationKind.Room);
        return (row, new ConversationKey(appId, kind, fields.Int64(), fields.Int64()));
    }
}
