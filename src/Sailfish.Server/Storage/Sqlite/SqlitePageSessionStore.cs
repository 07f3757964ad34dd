using Dapper;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqlitePageSessionStore(SqliteDatabase database, SqliteWriter writer) : IPageSessionStore
{
    private const int MaxRunOut = 1000;

    private const string Select =
        "SELECT id AS Id, account_id AS AccountId, created_at AS CreatedAt, seen_at AS SeenAt, address AS Address, agent AS Agent FROM page_session ";

    public async Task<(bool IsAdded, IReadOnlyList<string> Removed)> AddAsync(PageSession session, long passwordVersion, int most)
    {
        var isAdded = false;
        List<string> removed = [];
        await writer.WriteAsync(connection =>
        {
            isAdded = connection.Execute(
                """
                INSERT INTO page_session (id, account_id, created_at, seen_at, address, agent)
                SELECT @Id, @AccountId, @CreatedAt, @SeenAt, @Address, @Agent
                WHERE EXISTS (SELECT 1 FROM account WHERE id = @AccountId AND password_version = @passwordVersion)
                """,
                new { session.Id, session.AccountId, session.CreatedAt, session.SeenAt, session.Address, session.Agent, passwordVersion }) == 1;
            removed = [.. connection.Query<string>(
                """
                DELETE FROM page_session WHERE id IN
                  (SELECT id FROM page_session WHERE account_id = @AccountId ORDER BY created_at DESC, id LIMIT -1 OFFSET @most)
                RETURNING id
                """,
                new { session.AccountId, most })];
        });
        return (isAdded, removed);
    }

    public async ValueTask<PageSession?> FindAsync(string id)
    {
        await using var connection = await database.OpenReaderAsync();
        return await connection.QuerySingleOrDefaultAsync<PageSession>(Select + "WHERE id = @id", new { id });
    }

    public async ValueTask<IReadOnlyList<PageSession>> ListAsync(long accountId)
    {
        await using var connection = await database.OpenReaderAsync();
        return [.. await connection.QueryAsync<PageSession>(Select + "WHERE account_id = @accountId ORDER BY created_at DESC", new { accountId })];
    }

    public async ValueTask<IReadOnlyList<PageSession>> ListRunOutAsync(long begunBefore, long idleSince)
    {
        await using var connection = await database.OpenReaderAsync();
        return [.. await connection.QueryAsync<PageSession>(
            Select + "WHERE created_at <= @begunBefore OR seen_at < @idleSince LIMIT @MaxRunOut", new { begunBefore, idleSince, MaxRunOut })];
    }

    public Task TouchAsync(string id, long seenAt) =>
        writer.WriteAsync(connection =>
            connection.Execute("UPDATE page_session SET seen_at = max(seen_at, @seenAt) WHERE id = @id", new { id, seenAt }));

    public async Task<IReadOnlyList<string>> RemoveAsync(long accountId, string? id, string? except)
    {
        List<string> removed = [];
        await writer.WriteAsync(connection => removed =
        [
            .. connection.Query<string>(
                "DELETE FROM page_session WHERE account_id = @accountId AND (@id IS NULL OR id = @id) AND (@except IS NULL OR id <> @except) RETURNING id",
                new { accountId, id, except }),
        ]);
        return removed;
    }
}
