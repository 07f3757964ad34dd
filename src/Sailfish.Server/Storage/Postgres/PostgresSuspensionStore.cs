using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

internal sealed class PostgresSuspensionStore(PostgresDatabase database) : ISuspensionStore
{
    public IReadOnlyList<Suspension> LoadActive(long now)
    {
        using var connection = database.Source.OpenConnection();
        return connection.List(
            row => new Suspension(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            "SELECT app_id, user_id, suspended_until FROM user_state WHERE suspended_until > $1",
            now);
    }

    public ValueTask<Suspension?> FindAsync(long appId, long userId, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.FindAsync(
            row => new Suspension(appId, userId, row.GetInt64(0)),
            "SELECT suspended_until FROM user_state WHERE app_id = $1 AND user_id = $2 AND suspended_until > 0",
            appId, userId),
        cancellationToken);

    public Task SaveAsync(Suspension suspension, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            var (appId, userId, until) = suspension;
            await connection.LockUserAsync(appId, userId);
            await connection.ExecuteAsync(
                """
                INSERT INTO user_state (app_id, user_id, suspended_until) VALUES ($1, $2, $3)
                ON CONFLICT (app_id, user_id) DO UPDATE SET suspended_until = excluded.suspended_until
                """,
                appId, userId, until);
            await connection.NoteUsedAsync(appId, userId);
            await connection.TellAsync(new Change(ChangeKind.Suspension, appId, userId));
        },
        cancellationToken);
}
