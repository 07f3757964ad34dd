namespace Sailfish.Server.Conversations;

/// <summary>A room within an app.</summary>
internal readonly record struct RoomKey(long AppId, long RoomId)
{
    /// <summary>What is said in the room.</summary>
    public ConversationKey Conversation => ConversationKey.Room(AppId, RoomId);

    /// <summary>The room in which a conversation is, which is one of a room.</summary>
    public static RoomKey Of(ConversationKey conversation) => new(conversation.AppId, conversation.Low);
}
