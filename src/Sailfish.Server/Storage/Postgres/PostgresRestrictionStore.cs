using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Storage.Postgres;

internal sealed class PostgresRestrictionStore(PostgresDatabase database) : IRestrictionStore
{
    private const string Muted = "muted";
    private const string Banned = "banned";

    /// <summary>Rows in one transaction: nobody who restricts somebody waits long behind them.</summary>
    private const int RowsPerDelete = 500;

    public IReadOnlyList<RoomRestriction> LoadActive(long now)
    {
        using var connection = database.Source.OpenConnection();
        connection.Execute("DELETE FROM room_restriction WHERE until <= $1", now);
        return connection.List(
            row => new RoomRestriction(new RestrictionKey(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), KindOf(row.GetString(3))), row.GetInt64(4)),
            "SELECT app_id, room_id, user_id, kind, until FROM room_restriction");
    }

    public ValueTask<RoomRestriction?> FindAsync(RestrictionKey key, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.FindAsync(
            row => new RoomRestriction(key, row.GetInt64(0)),
            "SELECT until FROM room_restriction WHERE app_id = $1 AND room_id = $2 AND user_id = $3 AND kind = $4",
            key.AppId, key.RoomId, key.UserId, NameOf(key.Kind)),
        cancellationToken);

    public Task SaveAsync(RoomRestriction restriction, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            var (key, until) = restriction;
            await connection.ExecuteAsync(
                """
                INSERT INTO room_restriction (app_id, room_id, user_id, kind, until) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (app_id, room_id, user_id, kind) DO UPDATE SET until = excluded.until
                """,
                key.AppId, key.RoomId, key.UserId, NameOf(key.Kind), until);
            await connection.NoteUsedAsync(key.AppId, key.UserId);
            await connection.TellAsync(ChangeOf(key));
        },
        cancellationToken);

    public Task RemoveAsync(RestrictionKey key, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            await connection.ExecuteAsync(
                "DELETE FROM room_restriction WHERE app_id = $1 AND room_id = $2 AND user_id = $3 AND kind = $4",
                key.AppId, key.RoomId, key.UserId, NameOf(key.Kind));
            await connection.TellAsync(ChangeOf(key));
        },
        cancellationToken);

    /// <summary>Each node does it, and hears of its end by the time alone: rows that another one is deleting are left to it.</summary>
    public async Task RemoveEndedAsync(long now, CancellationToken cancellationToken)
    {
        var deleted = RowsPerDelete;
        while (deleted >= RowsPerDelete)
        {
            deleted = await database.WriteAsync(
                connection => connection.ExecuteAsync(
                    """
                    DELETE FROM room_restriction WHERE (app_id, room_id, user_id, kind) IN
                      (SELECT app_id, room_id, user_id, kind FROM room_restriction WHERE until <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
                    """,
                    now, RowsPerDelete),
                cancellationToken);
        }
    }

    private static Change ChangeOf(RestrictionKey key) => new(ChangeKind.Restriction, key.AppId, key.RoomId, key.UserId);

    private static string NameOf(RestrictionKind kind) => kind == RestrictionKind.Muted ? Muted : Banned;

    private static RestrictionKind KindOf(string name) => name == Muted ? RestrictionKind.Muted : RestrictionKind.Banned;
}
