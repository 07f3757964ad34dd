using Npgsql;
using Sailfish.Server.Accounts;
using Sailfish.Server.Nodes;
using Sailfish.Server.Text;

namespace Sailfish.Server.Storage.Postgres;

internal sealed class PostgresAccountStore : IAccountStore
{
    private const string Select = $"SELECT {AccountRows.Columns} FROM account ";
    private const string HasLook = "SELECT EXISTS (SELECT FROM account_look WHERE look = ANY($1) AND account_id <> $2)";
    private const string HasName = "SELECT EXISTS (SELECT FROM account WHERE name = $1 OR name_key = $2)";
    private const string SetPassword = "UPDATE account SET password_hash = $2, password_version = password_version + 1 WHERE id = $1";
    private const long Nobody = 0;

    private readonly PostgresDatabase _database;

    /// <summary>Who logs in is looked for, most of them in vain: a crowd of them is read together.</summary>
    private readonly GatheredReads<long, Account> _byId;

    public PostgresAccountStore(PostgresDatabase database)
    {
        _database = database;
        _byId = new(ReadByIdsAsync);
    }

    /// <summary>Other nodes make accounts too.</summary>
    public long LastId => long.MaxValue;

    public Task<Account?> CreateAsync(long appId, string name, string passwordHash, string nickName, long time) => _database.WriteAsync<Account?>(async connection =>
    {
        string[] looks = [.. Looks.Of(name)];
        var key = NameKey.Of(name);
        // Of two who sign up at once under names that look alike, one does.
        await connection.TakeTurnAsync(Turns.Accounts);
        if (await connection.IsAsync(HasLook, looks, Nobody) || await connection.IsAsync(HasName, name, key))
            return null;
        var last = await connection.NumberAsync("SELECT max(id) FROM account") ?? 0;
        var id = await connection.TakeFreeIdAsync(appId, Math.Max(last + 1, Account.FirstId));
        await connection.ExecuteAsync(
            "INSERT INTO account (id, name, name_key, password_hash, nick_name, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            id, name, key, passwordHash, nickName, time);
        await connection.ExecuteAsync("INSERT INTO account_look (look, account_id) SELECT DISTINCT look, $2 FROM unnest($1) AS t(look)", looks, id);
        await TellAsync(connection, id);
        return new Account(id, name, passwordHash, nickName, null);
    });

    public ValueTask<Account?> FindAsync(string name, CancellationToken cancellationToken) => _database.ReadAsync(
        // By the exact name first: an account from before there were keys may have none.
        connection => connection.FindAsync(
            AccountRows.ToAccount, Select + "WHERE name = $1 OR name_key = $2 ORDER BY (name = $1) DESC LIMIT 1", name, NameKey.Of(name)),
        cancellationToken);

    public ValueTask<Account?> FindAsync(long id, CancellationToken cancellationToken) => new(_byId.FindAsync(id, cancellationToken));

    public ValueTask<bool> IsLikeAnotherAsync(IReadOnlyList<string> looks, long userId, CancellationToken cancellationToken) =>
        _database.ReadAsync(connection => connection.IsAsync(HasLook, looks.ToArray(), userId), cancellationToken);

    public ValueTask<bool> IsTakenAsync(string name, CancellationToken cancellationToken) =>
        _database.ReadAsync(connection => connection.IsAsync(HasName, name, NameKey.Of(name)), cancellationToken);

    public Task<bool> ChangePasswordAsync(long id, string passwordHash, long? version) => _database.WriteAsync(async connection =>
    {
        var isChanged = version is { } old
            ? await connection.ExecuteAsync($"{SetPassword} AND password_version = $3", id, passwordHash, old) == 1
            : await connection.ExecuteAsync(SetPassword, id, passwordHash) == 1;
        if (isChanged)
            await TellAsync(connection, id);
        return isChanged;
    });

    public Task RehashAsync(long id, string oldHash, string newHash) => _database.WriteAsync(
        connection => connection.ExecuteAsync("UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2", id, oldHash, newHash));

    public Task<Account?> RenameAsync(long id, string nickName) => _database.WriteAsync<Account?>(async connection =>
    {
        var account = await connection.FindAsync(
            AccountRows.ToAccount, $"UPDATE account SET nick_name = $2 WHERE id = $1 RETURNING {AccountRows.Columns}", id, nickName);
        if (account is not null)
            await TellAsync(connection, id);
        return account;
    });

    private static Task TellAsync(NpgsqlConnection connection, long id) => connection.TellAsync(new Change(ChangeKind.Account, A: id));

    private async Task<IReadOnlyDictionary<long, Account>> ReadByIdsAsync(IReadOnlyCollection<long> ids)
    {
        var accounts = await _database.ReadAsync(connection => connection.ListAsync(AccountRows.ToAccount, Select + "WHERE id = ANY($1)", (object)ids.ToArray()));
        return accounts.ToDictionary(account => account.Id);
    }
}
