using Npgsql;
using Sailfish.Server.Living;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Covers of open rooms, on PostgreSQL. They are deleted with the rows of their rooms.</summary>
internal sealed class PostgresCoverStore(PostgresDatabase database) : ICoverStore
{
    /// <summary>The room's row is held: it does not end between the look and the cover.</summary>
    private const string Save =
        """
        WITH open AS MATERIALIZED (SELECT id FROM living_room WHERE id = $1 FOR KEY SHARE)
        INSERT INTO living_cover (room_id, name, chosen, content) SELECT id, $2, $3, $4 FROM open
        ON CONFLICT (room_id) DO UPDATE SET name = excluded.name, chosen = excluded.chosen, content = excluded.content
        WHERE excluded.chosen OR NOT living_cover.chosen
        """;

    public Task<bool> SaveAsync(long roomId, Cover cover, bool isChosen) => database.WriteAsync(
        async connection => await connection.ExecuteAsync(Save, roomId, cover.Name, isChosen, cover.Content) == 1);

    public Task LetGoAsync(long roomId) => database.WriteAsync(
        connection => connection.ExecuteAsync("UPDATE living_cover SET chosen = false WHERE room_id = $1", roomId));

    public ValueTask<Cover?> FindAsync(long roomId, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.FindAsync(ToCover, "SELECT name, content FROM living_cover WHERE room_id = $1", roomId), cancellationToken);

    public ValueTask<IReadOnlyList<CoverHead>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ListAsync(row => new CoverHead(row.GetInt64(0), row.GetString(1), row.GetBoolean(2)), "SELECT room_id, name, chosen FROM living_cover"),
        cancellationToken);

    private static Cover ToCover(NpgsqlDataReader row) => new(row.GetString(0), row.GetFieldValue<byte[]>(1));
}
