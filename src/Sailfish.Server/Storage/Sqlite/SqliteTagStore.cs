using Dapper;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteTagStore(SqliteDatabase database, SqliteWriter writer) : ITagStore
{
    public Task AddAsync(long appId, long userId, string tag, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection => connection.Execute(
                "INSERT OR IGNORE INTO account_tag (app_id, user_id, tag) VALUES (@appId, @userId, @tag)",
                new { appId, userId, tag }),
            cancellationToken);

    public Task RemoveAsync(long appId, long userId, string tag, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection => connection.Execute(
                "DELETE FROM account_tag WHERE app_id = @appId AND user_id = @userId AND tag = @tag",
                new { appId, userId, tag }),
            cancellationToken);

    public async ValueTask<IReadOnlyList<string>> ListAsync(long appId, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        var tags = await connection.QueryAsync<string>(
            "SELECT tag FROM account_tag WHERE app_id = @appId AND user_id = @userId ORDER BY tag", new { appId, userId });
        return [.. tags];
    }
}
