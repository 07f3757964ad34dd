using Dapper;
using Sailfish.Server.Conversations;
using Sailfish.Server.Media.Keys;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteStreamKeyStore(SqliteDatabase database, SqliteWriter writer) : IStreamKeyStore
{
    public async Task<string> LoadSecretAsync(string made, CancellationToken cancellationToken)
    {
        var secret = made;
        await writer.WriteAsync(
            connection =>
            {
                connection.Execute("INSERT OR IGNORE INTO media_secret (id, secret) VALUES (1, @made)", new { made });
                secret = connection.QuerySingle<string>("SELECT secret FROM media_secret");
            },
            cancellationToken);
        return secret;
    }

    public async ValueTask<long> GenerationAsync(UserKey user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        return await connection.QuerySingleOrDefaultAsync<long>(
            "SELECT generation FROM media_key WHERE app_id = @appId AND user_id = @userId", new { appId = user.AppId, userId = user.UserId });
    }

    public async Task<long> ResetAsync(UserKey user, CancellationToken cancellationToken)
    {
        long generation = 0;
        await writer.WriteAsync(
            connection => generation = connection.QuerySingle<long>(
                """
                INSERT INTO media_key (app_id, user_id, generation) VALUES (@appId, @userId, 1)
                ON CONFLICT (app_id, user_id) DO UPDATE SET generation = generation + 1
                RETURNING generation
                """,
                new { appId = user.AppId, userId = user.UserId }),
            cancellationToken);
        return generation;
    }
}
