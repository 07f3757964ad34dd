using Dapper;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Storage;

internal sealed class SqliteAccountStore(SqliteDatabase database, SqliteWriter writer) : IAccountStore
{
    private const string Select = "SELECT id AS Id, name AS Name, password_hash AS PasswordHash, nick_name AS NickName, avatar AS Avatar FROM account ";

    public async Task<Account?> CreateAsync(string name, string passwordHash, string nickName, long time, CancellationToken cancellationToken)
    {
        long? id = null;
        await writer.WriteAsync(
            (connection, transaction) => id = connection.ExecuteScalar<long?>(
                """
                INSERT INTO account (id, name, name_key, password_hash, nick_name, created_at)
                VALUES ((SELECT max(coalesce(max(id), 0) + 1, @FirstId) FROM account), @name, @key, @passwordHash, @nickName, @time)
                ON CONFLICT DO NOTHING RETURNING id
                """,
                new { Account.FirstId, name, key = NameKey.Of(name), passwordHash, nickName, time }, transaction),
            cancellationToken);
        return id is { } created ? new Account(created, name, passwordHash, nickName, null) : null;
    }

    public async ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        // By the exact name first: an account from before there were keys may have none.
        return await connection.QuerySingleOrDefaultAsync<Account>(
            Select + "WHERE name = @name OR name_key = @key ORDER BY name = @name DESC LIMIT 1", new { name, key = NameKey.Of(name) });
    }

    public async ValueTask<Account?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        return await connection.QuerySingleOrDefaultAsync<Account>(Select + "WHERE id = @id", new { id });
    }

    public Task SaveAsync(Account account, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            (connection, transaction) => connection.Execute(
                "UPDATE account SET password_hash = @PasswordHash, nick_name = @NickName, avatar = @Avatar WHERE id = @Id", account, transaction),
            cancellationToken);
}
