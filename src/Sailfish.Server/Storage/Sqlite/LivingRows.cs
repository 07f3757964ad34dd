using Dapper;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Living;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Reads rows of living rooms, for those who write them, too.</summary>
internal static class LivingRows
{
    private const string Select = "SELECT id AS Id, app_id AS AppId, anchor_id AS AnchorId, type AS Type, name AS Name, started_at AS StartedAt, likes AS Likes, peak AS Peak, announcement AS Announcement, edition AS Edition FROM living_room ";

    public static IReadOnlyList<LivingRoomRow> Open(SqliteConnection connection) =>
        [.. connection.Query<Row>(Select).Select(r => r.ToRoom())];

    /// <summary>The room that its anchor has open.</summary>
    public static LivingRoomRow? OpenOf(SqliteConnection connection, LivingRoomRow room) =>
        connection.QuerySingleOrDefault<Row>(Select + "WHERE app_id = @AppId AND anchor_id = @AnchorId", room)?.ToRoom();

    /// <summary>Null when it is not open.</summary>
    public static LivingRoomRow? Find(SqliteConnection connection, long id) =>
        connection.QuerySingleOrDefault<Row>(Select + "WHERE id = @id", new { id })?.ToRoom();

    public static long LastId(SqliteConnection connection) =>
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

        public string Announcement { get; init; } = "";

        public long Edition { get; init; }

        public LivingRoomRow ToRoom() => new(Id, AppId, AnchorId, (int)Type, Name, StartedAt, Likes, Peak, Announcement, (int)Edition);
    }
}
