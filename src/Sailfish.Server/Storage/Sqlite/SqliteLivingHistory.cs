using Dapper;
using Sailfish.Server.Living;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Living rooms as SQLite has them.</summary>
internal sealed class SqliteLivingHistory(SqliteDatabase database) : ILivingHistory
{
    public IReadOnlyList<LivingRoomRow> LoadOpen()
    {
        using var connection = database.OpenReader();
        return LivingRows.Open(connection);
    }

    public long LastId()
    {
        using var connection = database.OpenReader();
        return LivingRows.LastId(connection);
    }

    public IReadOnlyList<IdRange> LoadSkipped()
    {
        using var connection = database.OpenReader();
        return [.. connection.Query<(long First, long Last)>("SELECT first_id, last_id FROM living_room_skipped").Select(r => new IdRange(r.First, r.Last))];
    }

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
}
