using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>Where in the log messages of one conversation stand, one after the other.</summary>
/// <param name="ConversationId">The conversation's row.</param>
/// <param name="Conversation">Its key.</param>
/// <param name="FirstSeq">The first of them.</param>
/// <param name="LastSeq">The last of them.</param>
internal readonly record struct LogPlace(long ConversationId, ConversationKey Conversation, long FirstSeq, long LastSeq);
