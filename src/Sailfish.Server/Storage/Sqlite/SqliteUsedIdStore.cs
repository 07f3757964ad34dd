using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteUsedIdStore(SqliteDatabase database, SqliteWriter writer) : IUsedIdStore, IDisposable
{
    /// <summary>The farthest jump. Nobody uses so many ids that several such jumps all meet one.</summary>
    private const long MaxReach = 1L << 36;
    private const int Growth = 16;

    private UsedIdStatements? _statements;

    public async ValueTask<bool> HasAsync(long appId, long userId)
    {
        await using var connection = await database.OpenReaderAsync();
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM used_id WHERE app_id = @appId AND user_id = @userId", new { appId, userId }) > 0;
    }

    public Task AddAsync(IReadOnlyCollection<UserKey> users, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection =>
            {
                var statements = _statements ??= new UsedIdStatements(connection);
                foreach (var user in users)
                    statements.Add(user.AppId, user.UserId);
            },
            cancellationToken);

    public void Dispose() => _statements?.Dispose();

    /// <summary>Within a transaction of the writer's, as the next.</summary>
    public static void Add(SqliteConnection connection, long appId, long userId) =>
        connection.Execute("INSERT OR IGNORE INTO used_id (app_id, user_id) VALUES (@appId, @userId)", new { appId, userId });

    /// <summary>
    /// The first id from <paramref name="id"/> on that is nobody's, or one after it: each used id makes the next jump longer,
    /// at random, so that a block of any length is left behind in a few looks.
    /// </summary>
    public static long FindFree(SqliteConnection connection, long appId, long id)
    {
        for (var reach = 1L; reach <= MaxReach && id < Protocol.Ids.FirstGuest; reach *= Growth)
        {
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM used_id WHERE app_id = @appId AND user_id = @id", new { appId, id }) == 0)
                return id;
            id += 1 + Random.Shared.NextInt64(reach);
        }

        throw new InvalidOperationException("No free user id was found.");
    }
}
