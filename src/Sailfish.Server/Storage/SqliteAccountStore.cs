using Dapper;
using Sailfish.Server.Accounts;
using Sailfish.Server.Text;

namespace Sailfish.Server.Storage;

internal sealed class SqliteAccountStore(SqliteDatabase database, SqliteWriter writer) : IAccountStore
{
    private const string Select = "SELECT id AS Id, name AS Name, password_hash AS PasswordHash, nick_name AS NickName, avatar AS Avatar FROM account ";

    public async Task<Account?> CreateAsync(string name, string passwordHash, string nickName, long time, CancellationToken cancellationToken)
    {
        long? id = null;
        var looks = Looks.Of(name);
        await writer.WriteAsync(
            (connection, transaction) =>
            {
                // In the transaction: of two who sign up at once under names that look alike, one does.
                if (connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM account_look WHERE look IN @looks)", new { looks }, transaction))
                    return;
                id = connection.ExecuteScalar<long?>(
                    """
                    INSERT INTO account (id, name, name_key, password_hash, nick_name, created_at)
                    VALUES ((SELECT max(coalesce(max(id), 0) + 1, @FirstId) FROM account), @name, @key, @passwordHash, @nickName, @time)
                    ON CONFLICT DO NOTHING RETURNING id
                    """,
                    new { Account.FirstId, name, key = NameKey.Of(name), passwordHash, nickName, time }, transaction);
                if (id is not null)
                    connection.Execute("INSERT INTO account_look (look, account_id) VALUES (@look, @id)", looks.Select(look => new { look, id }), transaction);
            },
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

    public async ValueTask<bool> IsLikeAnotherAsync(IReadOnlyList<string> looks, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        return await connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM account_look WHERE look IN @looks AND account_id <> @userId)", new { looks, userId });
    }

    public Task SaveAsync(Account account, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            (connection, transaction) => connection.Execute(
                "UPDATE account SET password_hash = @PasswordHash, nick_name = @NickName, avatar = @Avatar WHERE id = @Id", account, transaction),
            cancellationToken);
}
