using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Sessions;

/// <summary>Who is online: on all nodes where there are several, else here.</summary>
internal sealed class PresenceService(SessionTable table, NodeLease lease, ISessionDirectory? directory = null)
{
    /// <summary>A user's sessions, the oldest first. Guests are not online.</summary>
    public ValueTask<IReadOnlyList<SessionRow>> FindAsync(UserKey user, CancellationToken cancellationToken) =>
        directory is not null ? directory.FindAsync(user, cancellationToken)
        : table.IsOnline(user) ? new([.. table.Of(user).Select(ToRow)])
        : new([]);

    /// <summary>Which of some users are.</summary>
    public ValueTask<IReadOnlySet<long>> OnlineAsync(long appId, IReadOnlyCollection<long> users, CancellationToken cancellationToken) => directory is null
        ? new(users.Where(user => table.IsOnline(new UserKey(appId, user))).ToHashSet())
        : directory.OnlineAsync(appId, users, cancellationToken);

    private SessionRow ToRow(Session session) =>
        new(session.User, session.Connection.Id, lease.Generation, session.DeviceId, session.Platform, session.Since);
}
