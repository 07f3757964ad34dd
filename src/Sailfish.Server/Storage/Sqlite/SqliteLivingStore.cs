using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage.Sqlite;

internal sealed class SqliteLivingStore(SqliteDatabase database, SqliteWriter writer, SqliteMessageLog log) : ILivingStore
{
    private const string Select = "SELECT id AS Id, app_id AS AppId, anchor_id AS AnchorId, type AS Type, name AS Name, started_at AS StartedAt, likes AS Likes, peak AS Peak FROM living_room ";

    public IReadOnlyList<LivingRoomRow> LoadOpen()
    {
        using var connection = database.OpenReader();
        return [.. connection.Query<Row>(Select).Select(r => r.ToRoom())];
    }

    public long LastId()
    {
        using var connection = database.OpenReader();
        return LastId(connection);
    }

    public IReadOnlyList<IdRange> LoadSkipped()
    {
        using var connection = database.OpenReader();
        return [.. connection.Query<(long First, long Last)>("SELECT first_id, last_id FROM living_room_skipped").Select(r => new IdRange(r.First, r.Last))];
    }

    public async Task<LivingRoomRow?> StartAsync(LivingRoomRow room, CancellationToken cancellationToken)
    {
        Row? row = null;
        await writer.WriteAsync(
            connection =>
            {
                var last = LastId(connection);
                var isNew = connection.Execute(
                    """
                    INSERT INTO living_room (id, app_id, anchor_id, type, name, started_at)
                    SELECT @Id, @AppId, @AnchorId, @Type, @Name, @StartedAt
                    WHERE NOT EXISTS (SELECT 1 FROM conversation WHERE app_id = @AppId AND kind = 1 AND low = @Id AND high = 0)
                    ON CONFLICT (app_id, anchor_id) DO NOTHING
                    """,
                    room) == 1;
                if (isNew && room.Id > last + 1)
                    connection.Execute("INSERT INTO living_room_skipped (first_id, last_id) VALUES (@first, @last)", new { first = last + 1, last = room.Id - 1 });
                row = connection.QuerySingleOrDefault<Row>(Select + "WHERE app_id = @AppId AND anchor_id = @AnchorId", room);
            },
            cancellationToken);
        return row?.ToRoom();
    }

    public ValueTask CloseAsync(LivingRoomRow room, AppendRequest end) => log.AppendAsync(
        end,
        connection =>
        {
            if (connection.Execute("DELETE FROM living_room WHERE id = @Id", room) == 0)
                return;
            connection.Execute(
                """
                INSERT INTO living_room_record (id, app_id, anchor_id, type, name, started_at, ended_at, likes, peak)
                VALUES (@Id, @AppId, @AnchorId, @Type, @Name, @StartedAt, @Time, @Likes, @Peak)
                """,
                new { room.Id, room.AppId, room.AnchorId, room.Type, room.Name, room.StartedAt, end.Time, room.Likes, room.Peak });
        });

    public Task SaveAsync(IReadOnlyList<LivingRoomRow> rooms, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection => connection.Execute("UPDATE living_room SET likes = @Likes, peak = @Peak WHERE id = @Id", rooms),
            cancellationToken);

    public async ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync(long appId, long anchorId, int skip, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        var rows = await connection.QueryAsync<(long Id, long AnchorId, long Type, string Name, long StartedAt, long EndedAt, long Likes, long Peak)>(
            """
            SELECT id, anchor_id, type, name, started_at, ended_at, likes, peak FROM living_room_record
            WHERE app_id = @appId AND anchor_id = @anchorId ORDER BY id DESC LIMIT @take OFFSET @skip
            """,
            new { appId, anchorId, skip, take });
        return [.. rows.Select(r => new LivingRecord(r.Id, r.AnchorId, (int)r.Type, r.Name, r.StartedAt, r.EndedAt, r.Likes, r.Peak))];
    }

    private static long LastId(SqliteConnection connection) =>
        connection.ExecuteScalar<long?>(
            "SELECT max(id) FROM (SELECT max(id) AS id FROM living_room UNION ALL SELECT max(id) FROM living_room_record)") ?? LivingRoom.FirstId - 1;

    private sealed record Row
    {
        public long Id { get; init; }

        public long AppId { get; init; }

        public long AnchorId { get; init; }

        public long Type { get; init; }

        public string Name { get; init; } = "";

        public long StartedAt { get; init; }

        public long Likes { get; init; }

        public long Peak { get; init; }

        public LivingRoomRow ToRoom() => new(Id, AppId, AnchorId, (int)Type, Name, StartedAt, Likes, Peak);
    }
}
