using Npgsql;
using Sailfish.Protocol;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Starts, texts, counts and ends of living rooms, on PostgreSQL. Which id a room gets is decided here: what a node knows of ids may be
/// older than what another has given out.
/// </summary>
internal sealed class PostgresLivingStore(PostgresDatabase database, PostgresMessageLog log) : ILivingStore
{
    /// <summary>The farthest jump. Nobody uses so many ids that several such jumps all meet one.</summary>
    private const long MaxReach = 1L << 36;
    private const int Growth = 16;

    /// <summary>Somebody is in it, through whichever node, or was and has said something.</summary>
    private const string IsUsed =
        """
        SELECT EXISTS (SELECT FROM conversation WHERE app_id = $1 AND kind = $2 AND low = $3 AND high = 0)
          OR EXISTS (SELECT FROM room_node WHERE app_id = $1 AND room_id = $3)
        """;

    private static readonly string[] Tables = ["living_room", "living_room_record"];

    /// <summary>In one order, the same on every node: nobody waits in a circle.</summary>
    private const string InOrder = "WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

    /// <summary>What was counted through this node; elsewhere it goes on meanwhile.</summary>
    private const string AddCounts =
        """
        SET likes = r.likes + c.likes, peak = greatest(r.peak, c.peak)
        FROM unnest($1, $2, $3) AS c(id, likes, peak) WHERE r.id = c.id
        """;

    private const string Edit =
        $"""
        UPDATE living_room SET name = coalesce($2, name), announcement = coalesce($3, announcement), edition = edition + 1
        WHERE id = $1 RETURNING {LivingRows.Columns}
        """;

    /// <summary>Only where the end was stored before it in this transaction. $5 is the room's app, $6 the kind of its conversation.</summary>
    private const string Close =
        """
        WITH closed AS (
          DELETE FROM living_room
          WHERE id = $1 AND EXISTS (SELECT FROM conversation WHERE app_id = $5 AND kind = $6 AND low = $1 AND high = 0 AND closed)
          RETURNING *
        )
        INSERT INTO living_room_record (id, app_id, anchor_id, type, name, started_at, ended_at, likes, peak)
        SELECT id, app_id, anchor_id, type, name, started_at, $2, likes + $3, greatest(peak, $4) FROM closed
        """;

    public Task<LivingRoomRow?> StartAsync(LivingRoomRow room, CancellationToken cancellationToken) => database.WriteAsync<LivingRoomRow?>(
        async connection =>
        {
            await connection.TakeTurnAsync(Turns.Living);
            if (await connection.FindAsync(LivingRows.ToRoom, LivingRows.Select + "WHERE app_id = $1 AND anchor_id = $2", room.AppId, room.AnchorId) is { } open)
                return open;
            var next = (await connection.NumberAsync(LivingRows.LastId) ?? LivingRoom.FirstId - 1) + 1;
            var started = room with { Id = await TakeFreeIdAsync(connection, room.AppId, Math.Max(room.Id, next)), Likes = 0, Peak = 0, Edition = 0 };
            await connection.ExecuteAsync(
                "INSERT INTO living_room (id, app_id, anchor_id, type, name, started_at, announcement) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                started.Id, started.AppId, started.AnchorId, started.Type, started.Name, started.StartedAt, started.Announcement);
            if (started.Id > next)
                await connection.ExecuteAsync("INSERT INTO living_room_skipped (first_id, last_id) VALUES ($1, $2)", next, started.Id - 1);
            await connection.TellAsync(new Change(ChangeKind.LivingRoom, started.AppId, started.Id));
            return started;
        },
        cancellationToken);

    public Task<LivingRoomRow?> EditAsync(long roomId, string? name, string? announcement, CancellationToken cancellationToken) => database.WriteAsync<LivingRoomRow?>(
        async connection =>
        {
            if (await connection.FindAsync(LivingRows.ToRoom, Edit, roomId, (object?)name ?? DBNull.Value, (object?)announcement ?? DBNull.Value) is not { } edited)
                return null;
            await connection.TellAsync(new Change(ChangeKind.LivingRoom, edited.AppId, edited.Id));
            return edited;
        },
        cancellationToken);

    public ValueTask CloseAsync(LivingCounts last, Submission end) => log.AppendAsync(
        end,
        batch =>
        {
            batch.Add(Close, last.RoomId, end.Time, last.Likes, last.Peak, end.Conversation.AppId, (short)ConversationKind.Room);
            batch.Tell(new Change(ChangeKind.LivingRoom, end.Conversation.AppId, last.RoomId));
        });

    public Task SaveAsync(IReadOnlyList<LivingCounts> counts, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            // A room that closes meanwhile is in one of the two when it is looked for there.
            foreach (var table in Tables)
            {
                await connection.ListAsync(row => row.GetInt64(0), $"SELECT id FROM {table} {InOrder}", (object)Each(c => c.RoomId));
                await connection.ExecuteAsync($"UPDATE {table} AS r {AddCounts}", Each(c => c.RoomId), Each(c => c.Likes), Each(c => c.Peak));
            }

            long[] Each(Func<LivingCounts, long> value) => [.. counts.Select(value)];
        },
        cancellationToken);

    /// <summary>
    /// Takes the first id from <paramref name="id"/> on that nobody has used, or one after it: each used id makes the next jump
    /// longer, at random, so that a block of any length is left behind in a few looks.
    /// </summary>
    private static async Task<long> TakeFreeIdAsync(NpgsqlConnection connection, long appId, long id)
    {
        for (var reach = 1L; reach <= MaxReach && Ids.IsRoom(id); reach *= Growth)
        {
            if (await TryUseAsync(connection, id) && !await connection.IsAsync(IsUsed, appId, (short)ConversationKind.Room, id))
                return id;
            id += 1 + Random.Shared.NextInt64(reach);
        }

        throw new InvalidOperationException("No free room id was found.");
    }

    /// <summary>Once only, whatever becomes of the room. Who is coming into one of that id waits, or was waited for (<see cref="Turns"/>).</summary>
    private static async Task<bool> TryUseAsync(NpgsqlConnection connection, long id) =>
        await connection.ExecuteAsync("INSERT INTO used_room (room_id) VALUES ($1) ON CONFLICT DO NOTHING", id) == 1;
}
