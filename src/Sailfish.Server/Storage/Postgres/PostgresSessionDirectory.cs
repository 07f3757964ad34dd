using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Who is online on which node, in tables that a crash of the database empties and the nodes fill again. What a node that is
/// no more has left there does not count.
/// </summary>
internal sealed class PostgresSessionDirectory(PostgresDatabase database, DirectoryWriter writer) : ISessionDirectory
{
    public Task<SessionEntry> EnterAsync(Session session, bool isAgain = false) => writer.EnterAsync(session, isAgain);

    public Task<SessionExit> LeaveAsync(Session session) => writer.LeaveAsync(session);

    public ValueTask<IReadOnlyList<SessionRow>> FindAsync(UserKey user, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ListAsync(
            row => new SessionRow(
                user, row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt64(4)),
            DirectorySql.Find, user.AppId, user.UserId),
        cancellationToken);

    public async ValueTask<IReadOnlySet<long>> OnlineAsync(long appId, IReadOnlyCollection<long> users, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            connection => connection.ListAsync(row => row.GetInt64(0), DirectorySql.Online, appId, users.ToArray()), cancellationToken);
        return found.ToHashSet();
    }

    public async ValueTask<int> CountAsync(long appId, CancellationToken cancellationToken) =>
        (int)(await database.ReadAsync(connection => connection.NumberAsync(DirectorySql.Count, appId), cancellationToken))!.Value;
}
