using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

internal sealed class PostgresRevocationStore(PostgresDatabase database) : IRevocationStore
{
    public IReadOnlyList<Revocation> LoadAll()
    {
        using var connection = database.Source.OpenConnection();
        return connection.List(
            row => new Revocation(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            "SELECT app_id, user_id, revoked_before FROM user_state WHERE revoked_before > 0");
    }

    public ValueTask<Revocation?> FindAsync(long appId, long userId, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.FindAsync(
            row => new Revocation(appId, userId, row.GetInt64(0)),
            "SELECT revoked_before FROM user_state WHERE app_id = $1 AND user_id = $2 AND revoked_before > 0",
            appId, userId),
        cancellationToken);

    public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            var (appId, userId, before) = revocation;
            await connection.LockUserAsync(appId, userId);
            await connection.ExecuteAsync(
                """
                INSERT INTO user_state AS s (app_id, user_id, revoked_before) VALUES ($1, $2, $3)
                ON CONFLICT (app_id, user_id) DO UPDATE SET revoked_before = greatest(s.revoked_before, excluded.revoked_before)
                """,
                appId, userId, before);
            await connection.NoteUsedAsync(appId, userId);
            await connection.TellAsync(new Change(ChangeKind.Revocation, appId, userId));
        },
        cancellationToken);
}
