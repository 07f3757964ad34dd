namespace Sailfish.Server.Storage.Postgres;

/// <summary>What nodes tell each other of how many are in their rooms. Each changes the rows of its own, and no others.</summary>
internal static class RoomCountSql
{
    /// <summary>
    /// What the nodes that live have of some rooms: app, room, viewers on the other nodes, peak, the other nodes.
    /// $1 this node; $2 apps, $3 rooms. Rows are found by their rooms (+ 0 is not in the index by nodes).
    /// </summary>
    public const string Read =
        """
        SELECT r.app_id, r.room_id, coalesce(sum(r.viewers) FILTER (WHERE r.node <> $1), 0)::int, max(r.peak),
          coalesce(array_agg(r.node) FILTER (WHERE r.node <> $1), '{}')
        FROM unnest($2, $3) AS wanted (app_id, room_id)
        JOIN room_node r USING (app_id, room_id)
        JOIN node n ON n.generation = r.node + 0 AND n.lease_until > clock_timestamp()
        GROUP BY r.app_id, r.room_id
        """;

    /// <summary>Comes first: the table has the rows of all nodes.</summary>
    public const string Begin = $"SELECT {PlanSql.LookUp}";

    /// <summary>
    /// Writes what has changed of this node's rooms: $1 this node; $2 apps, $3 rooms, $4 viewers, $5 peaks. The rows are found by
    /// their rooms: by the node (+ 0 is not in its index) all of its rows would be looked through for each.
    /// </summary>
    public const string Count =
        """
        UPDATE room_node r SET viewers = t.viewers, peak = greatest(r.peak, t.peak)
        FROM unnest($2, $3, $4, $5) AS t (app_id, room_id, viewers, peak)
        WHERE r.app_id = t.app_id AND r.room_id = t.room_id AND r.node + 0 = $1 AND (r.viewers <> t.viewers OR r.peak < t.peak)
        """;

    /// <summary>
    /// A room that is not among those of this node ($1) any more has nobody left, and its row goes when it is attended no more.
    /// $2 apps, $3 rooms. NOT IN, which is looked up and not searched through for each row.
    /// </summary>
    public const string Empty =
        """
        UPDATE room_node SET viewers = 0
        WHERE node = $1 AND viewers <> 0 AND (app_id, room_id) NOT IN (SELECT * FROM unnest($2, $3) AS t (app_id, room_id))
        """;
}
