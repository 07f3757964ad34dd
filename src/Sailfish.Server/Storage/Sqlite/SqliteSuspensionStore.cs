using Dapper;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteSuspensionStore(SqliteDatabase database, SqliteWriter writer) : ISuspensionStore
{
    public IReadOnlyList<Suspension> LoadActive(long now)
    {
        using var connection = database.OpenReader();
        return [.. connection.Query<Suspension>(
            "SELECT app_id AS AppId, user_id AS UserId, suspended_until AS Until FROM user_state WHERE suspended_until > @now", new { now })];
    }

    public async ValueTask<Suspension?> FindAsync(long appId, long userId, CancellationToken cancellationToken)
    {
        using var connection = await database.OpenReaderAsync();
        return connection.QuerySingleOrDefault<Suspension>(
            "SELECT app_id AS AppId, user_id AS UserId, suspended_until AS Until FROM user_state WHERE app_id = @appId AND user_id = @userId AND suspended_until > 0",
            new { appId, userId });
    }

    public Task SaveAsync(Suspension suspension, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection => connection.Execute(
                """
                INSERT INTO user_state (app_id, user_id, suspended_until) VALUES (@AppId, @UserId, @Until)
                ON CONFLICT (app_id, user_id) DO UPDATE SET suspended_until = excluded.suspended_until
                """,
                suspension),
            cancellationToken);
}
