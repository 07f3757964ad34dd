using Dapper;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Starts, texts, counts and ends of living rooms, on SQLite.</summary>
internal sealed class SqliteLivingStore(SqliteWriter writer, SqliteMessageLog log) : ILivingStore
{
    public async Task<LivingRoomRow?> StartAsync(LivingRoomRow room, CancellationToken cancellationToken)
    {
        LivingRoomRow? open = null;
        await writer.WriteAsync(
            connection =>
            {
                var last = LivingRows.LastId(connection);
                var isNew = connection.Execute(
                    """
                    INSERT INTO living_room (id, app_id, anchor_id, type, name, started_at, announcement)
                    SELECT @Id, @AppId, @AnchorId, @Type, @Name, @StartedAt, @Announcement
                    WHERE NOT EXISTS (SELECT 1 FROM conversation WHERE app_id = @AppId AND kind = 1 AND low = @Id AND high = 0)
                    ON CONFLICT DO NOTHING
                    """,
                    room) == 1;
                if (isNew && room.Id > last + 1)
                    connection.Execute("INSERT INTO living_room_skipped (first_id, last_id) VALUES (@first, @last)", new { first = last + 1, last = room.Id - 1 });
                open = LivingRows.OpenOf(connection, room);
            },
            cancellationToken);
        return open;
    }

    public async Task<LivingRoomRow?> EditAsync(long roomId, string? name, string? announcement, CancellationToken cancellationToken)
    {
        LivingRoomRow? edited = null;
        await writer.WriteAsync(
            connection =>
            {
                connection.Execute(
                    """
                    UPDATE living_room SET name = coalesce(@name, name), announcement = coalesce(@announcement, announcement), edition = edition + 1
                    WHERE id = @roomId
                    """,
                    new { roomId, name, announcement });
                edited = LivingRows.Find(connection, roomId);
            },
            cancellationToken);
        return edited;
    }

    public ValueTask CloseAsync(LivingCounts last, Submission end) => log.AppendAsync(
        end,
        connection =>
        {
            connection.Execute(
                """
                INSERT INTO living_room_record (id, app_id, anchor_id, type, name, started_at, ended_at, likes, peak)
                SELECT id, app_id, anchor_id, type, name, started_at, @Time, likes + @Likes, max(peak, @Peak) FROM living_room WHERE id = @RoomId
                """,
                new { last.RoomId, end.Time, last.Likes, last.Peak });
            connection.Execute("DELETE FROM living_room WHERE id = @RoomId", last);
        });

    public Task SaveAsync(IReadOnlyList<LivingCounts> counts, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            connection =>
            {
                connection.Execute("UPDATE living_room SET likes = likes + @Likes, peak = max(peak, @Peak) WHERE id = @RoomId", counts);
                connection.Execute("UPDATE living_room_record SET likes = likes + @Likes, peak = max(peak, @Peak) WHERE id = @RoomId", counts);
            },
            cancellationToken);
}
