using Sailfish.Server.Conversations;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

internal sealed class PostgresStreamKeyStore(PostgresDatabase database) : IStreamKeyStore
{
    public Task<string> LoadSecretAsync(string made, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            await connection.ExecuteAsync("INSERT INTO media_secret (id, secret) VALUES (1, $1) ON CONFLICT DO NOTHING", made);
            return (await connection.FindAsync(row => row.GetString(0), "SELECT secret FROM media_secret"))!;
        },
        cancellationToken);

    public async ValueTask<long> GenerationAsync(UserKey user, CancellationToken cancellationToken)
    {
        var generations = await database.ReadAsync(
            connection => connection.ListAsync(
                row => row.GetInt64(0), "SELECT generation FROM media_key WHERE app_id = $1 AND user_id = $2", user.AppId, user.UserId),
            cancellationToken);
        return generations.Count > 0 ? generations[0] : 0;
    }

    public Task<long> ResetAsync(UserKey user, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            var generations = await connection.ListAsync(
                row => row.GetInt64(0),
                """
                INSERT INTO media_key AS k (app_id, user_id, generation) VALUES ($1, $2, 1)
                ON CONFLICT (app_id, user_id) DO UPDATE SET generation = k.generation + 1
                RETURNING generation
                """,
                user.AppId, user.UserId);
            await connection.TellAsync(new Change(ChangeKind.StreamKey, user.AppId, user.UserId));
            return generations[0];
        },
        cancellationToken);
}
