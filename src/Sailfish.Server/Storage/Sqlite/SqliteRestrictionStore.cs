using Dapper;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteRestrictionStore(SqliteDatabase database, SqliteWriter writer) : IRestrictionStore
{
    /// <summary>Rows in one transaction: nobody's message waits long behind them.</summary>
    private const int RowsPerDelete = 500;

    public IReadOnlyList<RoomRestriction> LoadActive(long now)
    {
        // Once, at start: SQLite lets the writer wait for it.
        using var connection = database.OpenReader();
        connection.Execute("DELETE FROM room_restriction WHERE until <= @now", new { now });
        return [.. connection.Query<(long AppId, long RoomId, long UserId, string Kind, long Until)>(
                "SELECT app_id, room_id, user_id, kind, until FROM room_restriction")
            .Select(r => new RoomRestriction(new RestrictionKey(r.AppId, r.RoomId, r.UserId, KindOf(r.Kind)), r.Until))];
    }

    public async ValueTask<RoomRestriction?> FindAsync(RestrictionKey key, CancellationToken cancellationToken)
    {
        using var connection = await database.OpenReaderAsync();
        var until = connection.QuerySingleOrDefault<long?>(
            "SELECT until FROM room_restriction WHERE app_id = @AppId AND room_id = @RoomId AND user_id = @UserId AND kind = @kind",
            new { key.AppId, key.RoomId, key.UserId, kind = NameOf(key.Kind) });
        return until is { } end ? new RoomRestriction(key, end) : null;
    }

    public Task SaveAsync(RoomRestriction restriction, CancellationToken cancellationToken)
    {
        var (key, until) = restriction;
        return writer.WriteAsync(
            connection => connection.Execute(
                """
                INSERT INTO room_restriction (app_id, room_id, user_id, kind, until) VALUES (@AppId, @RoomId, @UserId, @kind, @until)
                ON CONFLICT (app_id, room_id, user_id, kind) DO UPDATE SET until = excluded.until
                """,
                new { key.AppId, key.RoomId, key.UserId, kind = NameOf(key.Kind), until }),
            cancellationToken);
    }

    public Task RemoveAsync(RestrictionKey key, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection => connection.Execute(
                "DELETE FROM room_restriction WHERE app_id = @AppId AND room_id = @RoomId AND user_id = @UserId AND kind = @kind",
                new { key.AppId, key.RoomId, key.UserId, kind = NameOf(key.Kind) }),
            cancellationToken);

    public async Task RemoveEndedAsync(long now, CancellationToken cancellationToken)
    {
        var deleted = RowsPerDelete;
        while (deleted == RowsPerDelete)
        {
            await writer.WriteAsync(
                connection => deleted = connection.Execute(
                    """
                    DELETE FROM room_restriction WHERE (app_id, room_id, user_id, kind) IN
                      (SELECT app_id, room_id, user_id, kind FROM room_restriction WHERE until <= @now LIMIT @RowsPerDelete)
                    """,
                    new { now, RowsPerDelete }),
                cancellationToken);
        }
    }

    private static string NameOf(RestrictionKind kind) => kind == RestrictionKind.Muted ? "muted" : "banned";

    private static RestrictionKind KindOf(string name) => name == "muted" ? RestrictionKind.Muted : RestrictionKind.Banned;
}
