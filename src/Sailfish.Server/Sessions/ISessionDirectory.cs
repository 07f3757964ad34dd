using Sailfish.Server.Conversations;

namespace Sailfish.Server.Sessions;

/// <summary>Who is online on which node. A server that is alone has none: its own table has them all.</summary>
internal interface ISessionDirectory
{
    /// <summary>
    /// Lists a session and takes out those that must go for it; when it is done, all nodes see it. Of two sessions of a device
    /// the one that came later stays, by their times. While the store is away it waits; it is cancelled when the session is taken
    /// out before that.
    /// </summary>
    /// <param name="session">Which.</param>
    /// <param name="isAgain">The store may have lost it.</param>
    Task<SessionEntry> EnterAsync(Session session, bool isAgain = false);

    /// <summary>Takes a session out, behind what came before it, by its connection. What cannot be stored goes with the node.</summary>
    Task<SessionExit> LeaveAsync(Session session);

    /// <summary>A user's sessions on all nodes that live, the oldest first.</summary>
    ValueTask<IReadOnlyList<SessionRow>> FindAsync(UserKey user, CancellationToken cancellationToken);

    /// <summary>Which of some users have a session on a node that lives.</summary>
    ValueTask<IReadOnlySet<long>> OnlineAsync(long appId, IReadOnlyCollection<long> users, CancellationToken cancellationToken);

    /// <summary>How many users of an app have a session on a node that lives.</summary>
    ValueTask<int> CountAsync(long appId, CancellationToken cancellationToken);
}
