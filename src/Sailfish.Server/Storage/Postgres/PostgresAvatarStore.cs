using System.Collections.Concurrent;
using Sailfish.Server.Accounts;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Uploaded pictures in a table. Those that are looked at are remembered: a name never means another picture. One that was
/// replaced through another node is forgotten when the change of its account is heard of.
/// </summary>
internal sealed class PostgresAvatarStore : IAvatarStore
{
    /// <summary>Beyond it all are forgotten, and read again when they are asked for.</summary>
    private const long MaxRemembered = 32 * 1024 * 1024;

    private readonly PostgresDatabase _database;
    private readonly ConcurrentDictionary<string, byte[]> _remembered = new();
    private long _bytes;

    public PostgresAvatarStore(PostgresDatabase database, IChangeFeed feed)
    {
        _database = database;
        feed.On(ChangeKind.Account, ForgetAsync);
        feed.OnMissed(ForgetAllAsync);
    }

    public async Task<Account?> ChangeAsync(long accountId, byte[] picture)
    {
        if (PictureNames.Of(accountId, picture) is not { } name)
            return null;
        var (account, before) = await StoreAsync(accountId, name, picture);
        if (before is not null && before != name)
            _remembered.TryRemove(before, out _);
        return account;
    }

    public async ValueTask<StoredPicture?> FindAsync(string name)
    {
        if (PictureNames.ContentTypeOf(name) is not { } type)
            return null;
        if (!_remembered.TryGetValue(name, out var content))
        {
            content = await _database.ReadAsync(connection => connection.FindAsync(row => row.GetFieldValue<byte[]>(0), "SELECT content FROM avatar WHERE name = $1", name));
            if (content is null)
                return null;
            Remember(name, content);
        }

        return new StoredPicture(type, null, content);
    }

    private Task<(Account? Account, string? Before)> StoreAsync(long accountId, string name, byte[] picture) => _database.WriteAsync<(Account? Account, string? Before)>(async connection =>
    {
        // Locked: of two at once, the later one finds the other's picture in place of the one before.
        var before = await connection.ListAsync(
            row => row.IsDBNull(0) ? null : row.GetString(0), "SELECT avatar FROM account WHERE id = $1 FOR NO KEY UPDATE", accountId);
        if (before.Count == 0)
            return (null, null);
        await connection.ExecuteAsync("INSERT INTO avatar (name, account_id, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", name, accountId, picture);
        await connection.ExecuteAsync("DELETE FROM avatar WHERE account_id = $1 AND name <> $2", accountId, name);
        var account = await connection.FindAsync(
            AccountRows.ToAccount, $"UPDATE account SET avatar = $2 WHERE id = $1 RETURNING {AccountRows.Columns}", accountId, name);
        await connection.TellAsync(new Change(ChangeKind.Account, A: accountId));
        return (account, before[0]);
    });

    /// <summary>What a read that is under way remembers after this is as old as what a browser keeps.</summary>
    private Task ForgetAsync(Change change)
    {
        if (change.A is { } owner)
        {
            foreach (var name in _remembered.Keys.Where(name => PictureNames.IsOf(owner, name)))
                _remembered.TryRemove(name, out _);
        }

        return Task.CompletedTask;
    }

    private Task ForgetAllAsync()
    {
        _remembered.Clear();
        return Task.CompletedTask;
    }

    private void Remember(string name, byte[] content)
    {
        if (Interlocked.Add(ref _bytes, content.Length) > MaxRemembered)
        {
            _remembered.Clear();
            Interlocked.Exchange(ref _bytes, content.Length);
        }

        _remembered.TryAdd(name, content);
    }
}
