using Npgsql;
using Sailfish.Server.Living;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Rows of living rooms, for those who write them, too.</summary>
internal static class LivingRows
{
    /// <summary>As <see cref="ToRoom"/> reads them.</summary>
    public const string Columns = "id, app_id, anchor_id, type, name, started_at, likes, peak, announcement, edition";

    public const string Select = $"SELECT {Columns} FROM living_room ";

    /// <summary>The highest id that was given out; null when none was.</summary>
    public const string LastId = "SELECT greatest((SELECT max(id) FROM living_room), (SELECT max(id) FROM living_room_record))";

    public static LivingRoomRow ToRoom(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetString(8), row.GetInt32(9));

    public static LivingRecord ToRecord(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7));
}
