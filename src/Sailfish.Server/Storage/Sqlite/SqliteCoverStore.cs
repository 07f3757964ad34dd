using Dapper;
using Sailfish.Server.Living;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>Covers of open rooms, on SQLite. A trigger takes them away with their rooms.</summary>
internal sealed class SqliteCoverStore(SqliteDatabase database, SqliteWriter writer, MessageSpace space) : ICoverStore
{
    public async Task<bool> SaveAsync(long roomId, Cover cover, bool isChosen)
    {
        var isTaken = false;
        if (space.IsDiskLow)
            return false;
        await writer.WriteAsync(connection => isTaken = connection.Execute(
            """
            INSERT INTO living_cover (room_id, name, chosen, content)
            SELECT id, @Name, @isChosen, @Content FROM living_room WHERE id = @roomId
            ON CONFLICT (room_id) DO UPDATE SET name = excluded.name, chosen = excluded.chosen, content = excluded.content
            WHERE excluded.chosen OR NOT living_cover.chosen
            """,
            new { roomId, cover.Name, isChosen, cover.Content }) == 1);
        return isTaken;
    }

    public Task LetGoAsync(long roomId) =>
        writer.WriteAsync(connection => connection.Execute("UPDATE living_cover SET chosen = 0 WHERE room_id = @roomId", new { roomId }));

    public async ValueTask<Cover?> FindAsync(long roomId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        return await connection.QuerySingleOrDefaultAsync<Cover>("SELECT name AS Name, content AS Content FROM living_cover WHERE room_id = @roomId", new { roomId });
    }

    public async ValueTask<IReadOnlyList<CoverHead>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenReaderAsync();
        var rows = await connection.QueryAsync<(long RoomId, string Name, long Chosen)>("SELECT room_id, name, chosen FROM living_cover");
        return [.. rows.Select(row => new CoverHead(row.RoomId, row.Name, row.Chosen != 0))];
    }
}
