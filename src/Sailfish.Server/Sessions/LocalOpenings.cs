using Sailfish.Server.Conversations;

namespace Sailfish.Server.Sessions;

/// <summary>Where there is one node.</summary>
internal sealed class LocalOpenings(UserPaceTable paces) : IOpenings
{
    public ValueTask<TimeSpan?> OpenAsync(Session session, ConversationKey conversation, CancellationToken cancellationToken) =>
        new(paces.TryOpen(session, conversation, out var wait) ? null : wait);
}
