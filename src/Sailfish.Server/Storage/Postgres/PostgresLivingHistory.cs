using Sailfish.Server.Living;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Living rooms as PostgreSQL has them.</summary>
internal sealed class PostgresLivingHistory(PostgresDatabase database) : ILivingHistory
{
    public IReadOnlyList<LivingRoomRow> LoadOpen()
    {
        using var connection = database.Source.OpenConnection();
        return connection.List(LivingRows.ToRoom, LivingRows.Select);
    }

    public long LastId()
    {
        using var connection = database.Source.OpenConnection();
        return connection.List(row => row.IsDBNull(0) ? LivingRoom.FirstId - 1 : row.GetInt64(0), LivingRows.LastId)[0];
    }

    public IReadOnlyList<IdRange> LoadSkipped()
    {
        using var connection = database.Source.OpenConnection();
        return connection.List(row => new IdRange(row.GetInt64(0), row.GetInt64(1)), "SELECT first_id, last_id FROM living_room_skipped");
    }

    public ValueTask<IReadOnlyList<LivingRecord>> RecordsAsync(long appId, long anchorId, int skip, int take, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ListAsync(
            LivingRows.ToRecord,
            """
            SELECT id, anchor_id, type, name, started_at, ended_at, likes, peak FROM living_room_record
            WHERE app_id = $1 AND anchor_id = $2 ORDER BY id DESC LIMIT $3 OFFSET $4
            """,
            appId, anchorId, take, skip),
        cancellationToken);
}
