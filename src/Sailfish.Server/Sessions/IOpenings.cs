using Sailfish.Server.Conversations;

namespace Sailfish.Server.Sessions;

/// <summary>How many conversations a user may begin (<c>Sailfish:Limits:NewConversationsPerHour</c>), on all nodes together.</summary>
internal interface IOpenings
{
    /// <summary>
    /// Takes one of them for the first message of a conversation; nothing when the user has just begun it. Null when he may go
    /// on, else how long until he may.
    /// </summary>
    ValueTask<TimeSpan?> OpenAsync(Session session, ConversationKey conversation, CancellationToken cancellationToken);
}
