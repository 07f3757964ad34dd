using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Postgres;

internal sealed class PostgresUsedIdStore(PostgresDatabase database) : IUsedIdStore
{
    public ValueTask<bool> HasAsync(long appId, long userId) => database.ReadAsync(connection => connection.IsUsedAsync(appId, userId));

    public Task AddAsync(IReadOnlyCollection<UserKey> users, CancellationToken cancellationToken)
    {
        // In one order, the same on every node: nobody waits in a circle.
        UserKey[] ordered = [.. users.Distinct().OrderBy(user => user.AppId).ThenBy(user => user.UserId)];
        var (appIds, userIds) = (ordered.Select(user => user.AppId).ToArray(), ordered.Select(user => user.UserId).ToArray());
        return database.WriteAsync(
            connection => connection.ExecuteAsync(
                """
                INSERT INTO used_id (app_id, user_id)
                SELECT app_id, user_id FROM unnest($1, $2) WITH ORDINALITY AS t(app_id, user_id, n) ORDER BY n
                ON CONFLICT DO NOTHING
                """,
                appIds, userIds),
            cancellationToken);
    }
}
