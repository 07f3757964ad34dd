using Sailfish.Server.Accounts;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

internal sealed class PostgresTagStore(PostgresDatabase database) : ITagStore
{
    public Task AddAsync(long appId, long userId, string tag, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            await connection.ExecuteAsync(
                "INSERT INTO account_tag (app_id, user_id, tag) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", appId, userId, tag);
            await connection.NoteUsedAsync(appId, userId);
            await connection.TellAsync(new Change(ChangeKind.Tag, appId, userId));
        },
        cancellationToken);

    public Task RemoveAsync(long appId, long userId, string tag, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            if (await connection.ExecuteAsync("DELETE FROM account_tag WHERE app_id = $1 AND user_id = $2 AND tag = $3", appId, userId, tag) > 0)
                await connection.TellAsync(new Change(ChangeKind.Tag, appId, userId));
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(long appId, long userId, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ListAsync(
            row => row.GetString(0), "SELECT tag FROM account_tag WHERE app_id = $1 AND user_id = $2 ORDER BY tag", appId, userId),
        cancellationToken);
}
