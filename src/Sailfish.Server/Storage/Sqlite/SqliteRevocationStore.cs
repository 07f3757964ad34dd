using Dapper;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteRevocationStore(SqliteDatabase database, SqliteWriter writer) : IRevocationStore
{
    public IReadOnlyList<Revocation> LoadAll()
    {
        using var connection = database.OpenReader();
        return [.. connection.Query<Revocation>("SELECT app_id AS AppId, user_id AS UserId, revoked_before AS Before FROM user_state WHERE revoked_before > 0")];
    }

    public async ValueTask<Revocation?> FindAsync(long appId, long userId, CancellationToken cancellationToken)
    {
        using var connection = await database.OpenReaderAsync();
        return connection.QuerySingleOrDefault<Revocation>(
            "SELECT app_id AS AppId, user_id AS UserId, revoked_before AS Before FROM user_state WHERE app_id = @appId AND user_id = @userId AND revoked_before > 0",
            new { appId, userId });
    }

    public Task SaveAsync(Revocation revocation, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection => connection.Execute(
                """
                INSERT INTO user_state (app_id, user_id, revoked_before) VALUES (@AppId, @UserId, @Before)
                ON CONFLICT (app_id, user_id) DO UPDATE SET revoked_before = max(revoked_before, excluded.revoked_before)
                """,
                revocation),
            cancellationToken);
}
