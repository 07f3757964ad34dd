namespace Sailfish.Server.Storage.Postgres;

/// <summary>What nodes tell each other of how many are in their rooms. Each changes the rows of its own, and no others.</summary>
internal static class RoomCountSql
{
    /// <summary>
    /// What the nodes that live have of some rooms: app, room, viewers on the other nodes, peak, the other nodes.
    /// $1 this node; $2 apps, $3 rooms.
    /// </summary>
    public const string Read =
        """
        SELECT r.app_id, r.room_id, coalesce(sum(r.viewers) FILTER (WHERE r.node <> $1), 0)::int, max(r.peak),
          coalesce(array_agg(r.node) FILTER (WHERE r.node <> $1), '{}')
        FROM unnest($2, $3) AS wanted (app_id, room_id)
        JOIN room_node r USING (app_id, room_id)
        JOIN node n ON n.generation = r.node AND n.lease_until > clock_timestamp()
        GROUP BY r.app_id, r.room_id
        """;

    /// <summary>
    /// Before it reads, it writes what has changed of this node's rooms: $4 apps, $5 rooms, $6 viewers, $7 peaks. A room that is
    /// not among them has nobody left, and its row goes when it is attended no more.
    /// </summary>
    public const string Exchange =
        $"""
        WITH own AS (
          SELECT * FROM unnest($4, $5, $6, $7) AS t (app_id, room_id, viewers, peak)
        ), counted AS (
          SELECT r.app_id, r.room_id, coalesce(own.viewers, 0) AS viewers, coalesce(own.peak, 0) AS peak
          FROM room_node r LEFT JOIN own USING (app_id, room_id) WHERE r.node = $1
        ), written AS (
          UPDATE room_node r SET viewers = c.viewers, peak = greatest(r.peak, c.peak) FROM counted c
          WHERE r.node = $1 AND r.app_id = c.app_id AND r.room_id = c.room_id AND (r.viewers <> c.viewers OR r.peak < c.peak)
        )
        {Read}
        """;
}
