using Dapper;
using Sailfish.Server.Accounts;
using Sailfish.Server.Text;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteAccountStore : IAccountStore
{
    private const string Columns =
        "id AS Id, name AS Name, password_hash AS PasswordHash, nick_name AS NickName, avatar AS Avatar, password_version AS PasswordVersion";

    private const string Select = $"SELECT {Columns} FROM account ";

    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;
    private long _lastId;

    public SqliteAccountStore(SqliteDatabase database, SqliteWriter writer)
    {
        (_database, _writer) = (database, writer);
        using var connection = database.OpenReader();
        _lastId = connection.ExecuteScalar<long?>("SELECT max(id) FROM account") ?? 0;
    }

    public long LastId => Volatile.Read(ref _lastId);

    public async Task<Account?> CreateAsync(long appId, string name, string passwordHash, string nickName, long time)
    {
        long? id = null;
        var looks = Looks.Of(name);
        // Not cancelled half way: whoever made it is told, and what is in the store gets into memory.
        await _writer.WriteAsync(connection =>
        {
            // In the transaction: of two who sign up at once under names that look alike, one does.
            if (connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM account_look WHERE look IN @looks)", new { looks }))
                return;
            // It comes after all that was stored before it of anybody.
            var last = connection.ExecuteScalar<long?>("SELECT max(id) FROM account") ?? 0;
            var free = SqliteUsedIdStore.FindFree(connection, appId, Math.Max(last + 1, Account.FirstId));
            id = connection.ExecuteScalar<long?>(
                """
                INSERT INTO account (id, name, name_key, password_hash, nick_name, created_at)
                VALUES (@free, @name, @key, @passwordHash, @nickName, @time)
                ON CONFLICT DO NOTHING RETURNING id
                """,
                new { free, name, key = NameKey.Of(name), passwordHash, nickName, time });
            if (id is null)
                return;
            connection.Execute("INSERT INTO account_look (look, account_id) VALUES (@look, @free)", looks.Select(look => new { look, free }));
            SqliteUsedIdStore.Add(connection, appId, free);
            // Before the commit: who finds the id behind the last one has looked before there was the account.
            Volatile.Write(ref _lastId, free);
        });
        return id is { } created ? new Account(created, name, passwordHash, nickName, null) : null;
    }

    public async ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenReaderAsync();
        // By the exact name first: an account from before there were keys may have none.
        return await connection.QuerySingleOrDefaultAsync<Account>(
            Select + "WHERE name = @name OR name_key = @key ORDER BY name = @name DESC LIMIT 1", new { name, key = NameKey.Of(name) });
    }

    public async ValueTask<Account?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenReaderAsync();
        return await connection.QuerySingleOrDefaultAsync<Account>(Select + "WHERE id = @id", new { id });
    }

    public async ValueTask<bool> IsLikeAnotherAsync(IReadOnlyList<string> looks, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenReaderAsync();
        return await connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM account_look WHERE look IN @looks AND account_id <> @userId)", new { looks, userId });
    }

    public async ValueTask<bool> IsTakenAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenReaderAsync();
        return await connection.ExecuteScalarAsync<long>(
            "SELECT EXISTS (SELECT 1 FROM account WHERE name = @name OR name_key = @key)", new { name, key = NameKey.Of(name) }) == 1;
    }

    public async Task<bool> ChangePasswordAsync(long id, string passwordHash, long? version)
    {
        var isChanged = false;
        await _writer.WriteAsync(connection => isChanged = connection.Execute(
            """
            UPDATE account SET password_hash = @passwordHash, password_version = password_version + 1
            WHERE id = @id AND (@version IS NULL OR password_version = @version)
            """,
            new { id, passwordHash, version }) == 1);
        return isChanged;
    }

    public Task RehashAsync(long id, string oldHash, string newHash) =>
        _writer.WriteAsync(connection => connection.Execute(
            "UPDATE account SET password_hash = @newHash WHERE id = @id AND password_hash = @oldHash", new { id, oldHash, newHash }));

    public async Task<Account?> RenameAsync(long id, string nickName)
    {
        Account? account = null;
        await _writer.WriteAsync(connection => account = connection.QuerySingleOrDefault<Account>(
            $"UPDATE account SET nick_name = @nickName WHERE id = @id RETURNING {Columns}", new { id, nickName }));
        return account;
    }

    /// <summary>Stores the name of another picture; gives the account as it is then, null when there is none, and the name before.</summary>
    public async Task<(Account? Account, string? Before)> ChangeAvatarAsync(long id, string avatar)
    {
        var (account, before) = ((Account?)null, (string?)null);
        await _writer.WriteAsync(connection =>
        {
            before = connection.ExecuteScalar<string?>("SELECT avatar FROM account WHERE id = @id", new { id });
            account = connection.QuerySingleOrDefault<Account>(
                $"UPDATE account SET avatar = @avatar WHERE id = @id RETURNING {Columns}", new { id, avatar });
        });
        return (account, before);
    }
}
