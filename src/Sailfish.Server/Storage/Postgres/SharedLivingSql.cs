namespace Sailfish.Server.Storage.Postgres;

/// <summary>The statements by which nodes tell each other of living rooms.</summary>
internal static class SharedLivingSql
{
    /// <summary>What is open above $1.</summary>
    public const string News = $"{LivingRows.Select}WHERE id > $1 ORDER BY id";

    public const string Skipped = "SELECT first_id, last_id FROM living_room_skipped WHERE last_id > $1 ORDER BY first_id";

    public const string FindOpen = $"{LivingRows.Select}WHERE id = $1";

    /// <summary>All that are open, and how many are there through others than the node $1.</summary>
    public const string List =
        $"""
        SELECT {LivingRows.Columns}, (
          SELECT coalesce(sum(viewers), 0)::int FROM room_node r JOIN node n ON n.generation = r.node AND n.lease_until > now()
          WHERE r.app_id = living_room.app_id AND r.room_id = living_room.id AND r.node <> $1)
        FROM living_room
        """;

    /// <summary>In one order, as all that lock these rows.</summary>
    public const string NoteAnchors =
        """
        WITH here AS MATERIALIZED (SELECT id FROM living_room WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE)
        UPDATE living_room SET anchor_seen = clock_timestamp() WHERE id IN (SELECT id FROM here)
        """;

    public const string ListDeserted = $"SELECT id FROM living_room WHERE {IsDeserted} ORDER BY id";

    /// <summary>
    /// As a close is, but it fails, and with it the transaction that it is in, when it is not so any more: then the record has no
    /// id. $5 is the room's app, $6 the kind of its conversation.
    /// </summary>
    public const string CloseDeserted =
        $"""
        WITH closed AS (
          DELETE FROM living_room
          WHERE id = $4 AND {IsDeserted}
            AND EXISTS (SELECT FROM conversation WHERE app_id = $5 AND kind = $6 AND low = $4 AND high = 0 AND closed)
          RETURNING *
        )
        INSERT INTO living_room_record (id, app_id, anchor_id, type, name, started_at, ended_at, likes, peak)
        SELECT id, app_id, anchor_id, type, name, started_at, $7, likes + $8, greatest(peak, $9) FROM (SELECT) AS one LEFT JOIN closed ON true
        """;

    /// <summary>Its anchor was noted on no node for the time $1, of which the node $3 or one before it has led in $2 all along.</summary>
    private const string IsDeserted =
        """
        anchor_seen < clock_timestamp() - $1::interval
          AND EXISTS (SELECT FROM lease l WHERE l.name = $2 AND l.node = $3 AND l.until > clock_timestamp() AND l.since < clock_timestamp() - $1::interval)
        """;
}
