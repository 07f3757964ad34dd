namespace Sailfish.Server.Storage.Postgres;

/// <summary>How a node notes which rooms' messages it is to be brought.</summary>
internal static class RoomRoutesSql
{
    /// <summary>
    /// $1 is the node, $2 and $3 rooms that it wants, $4 and $5 those that it wants no more, $6 the first id of a living room.
    /// Gives 0 when the node's lease has ended: then nothing was noted. The lock on the node's row keeps others from giving the
    /// node up before this has committed, as in an append. All of it in one order, the same on every node. Rows are found by their
    /// rooms: by the node (+ 0 is not in its index) all of its rows would be looked through for each.
    /// </summary>
    public const string Change =
        $"""
        WITH alive AS MATERIALIZED (
          SELECT 1 FROM node WHERE generation = $1 AND lease_until > clock_timestamp() FOR KEY SHARE
        ), wanted AS MATERIALIZED (
          SELECT app_id, room_id FROM unnest($2, $3) AS t(app_id, room_id) WHERE EXISTS (SELECT FROM alive)
        ), gone AS (
          DELETE FROM room_node r USING unnest($4, $5) AS t(app_id, room_id)
          WHERE r.app_id = t.app_id AND r.room_id = t.room_id AND r.node + 0 = $1
        ), turn AS MATERIALIZED (
          SELECT 1 FROM lease WHERE name = '{Turns.Living}' AND EXISTS (SELECT FROM wanted WHERE room_id >= $6) FOR SHARE
        ), noted AS (
          INSERT INTO room_node (app_id, room_id, node)
          SELECT app_id, room_id, $1 FROM wanted WHERE (SELECT count(*) FROM turn) >= 0 ORDER BY app_id, room_id
          ON CONFLICT DO NOTHING
        )
        SELECT count(*) FROM alive
        """;
}
