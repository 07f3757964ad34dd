using Npgsql;
using Sailfish.Server.Accounts;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

internal sealed class PostgresPageSessionStore(PostgresDatabase database) : IPageSessionStore
{
    private const int MaxRunOut = 1000;
    private const string Select = "SELECT id, account_id, created_at, seen_at, address, agent FROM page_session ";

    /// <summary>
    /// Locks the account's row: a change of the password comes before it, and is seen, or after it, and then whoever ends all
    /// sessions finds this one. Nor do two sessions begin at once.
    /// </summary>
    private const string Insert =
        """
        INSERT INTO page_session (id, account_id, created_at, seen_at, address, agent)
        SELECT $1, id, $3, $4, $5, $6 FROM account WHERE id = $2 AND password_version = $7 FOR NO KEY UPDATE
        """;

    private const string DeleteOldest =
        """
        DELETE FROM page_session WHERE id IN (SELECT id FROM page_session WHERE account_id = $1 ORDER BY created_at DESC, id OFFSET $2)
        RETURNING id
        """;

    private const string DeleteAll = "DELETE FROM page_session WHERE account_id = $1 RETURNING id";

    public Task<(bool IsAdded, IReadOnlyList<string> Removed)> AddAsync(PageSession session, long passwordVersion, int most) => database.WriteAsync<(bool IsAdded, IReadOnlyList<string> Removed)>(async connection =>
    {
        var isAdded = await connection.ExecuteAsync(
            Insert, session.Id, session.AccountId, session.CreatedAt, session.SeenAt, session.Address, session.Agent, passwordVersion) == 1;
        return (isAdded, await DeleteAsync(connection, session.AccountId, DeleteOldest, session.AccountId, most));
    });

    public ValueTask<PageSession?> FindAsync(string id) =>
        database.ReadAsync(connection => connection.FindAsync(ToSession, Select + "WHERE id = $1", id));

    public ValueTask<IReadOnlyList<PageSession>> ListAsync(long accountId) =>
        database.ReadAsync(connection => connection.ListAsync(ToSession, Select + "WHERE account_id = $1 ORDER BY created_at DESC", accountId));

    public ValueTask<IReadOnlyList<PageSession>> ListRunOutAsync(long begunBefore, long idleSince) =>
        database.ReadAsync(connection => connection.ListAsync(
            ToSession, Select + "WHERE created_at <= $1 OR seen_at < $2 LIMIT $3", begunBefore, idleSince, MaxRunOut));

    public Task TouchAsync(string id, long seenAt) => database.WriteAsync(connection =>
        connection.ExecuteAsync("UPDATE page_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2", id, seenAt));

    public Task<IReadOnlyList<string>> RemoveAsync(long accountId, string? id, string? except) => database.WriteAsync(connection => (id, except) switch
    {
        (null, null) => DeleteAsync(connection, accountId, DeleteAll, accountId),
        (null, { } kept) => DeleteAsync(connection, accountId, "DELETE FROM page_session WHERE account_id = $1 AND id <> $2 RETURNING id", accountId, kept),
        ({ } one, _) when one == except => Task.FromResult<IReadOnlyList<string>>([]),
        ({ } one, _) => DeleteAsync(connection, accountId, "DELETE FROM page_session WHERE account_id = $1 AND id = $2 RETURNING id", accountId, one),
    });

    /// <summary>Gives the ids of those that there were.</summary>
    private static async Task<IReadOnlyList<string>> DeleteAsync(NpgsqlConnection connection, long accountId, string sql, params object[] values)
    {
        var removed = await connection.ListAsync(row => row.GetString(0), sql, values);
        if (removed.Count > 0)
            await connection.TellAsync(new Change(ChangeKind.PageSession, A: accountId));
        return removed;
    }

    private static PageSession ToSession(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetString(5));
}
