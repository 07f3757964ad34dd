namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The same as <see cref="AppendSql"/> for one message, which most appends are while little is said: what it costs is mostly to
/// begin the statements, and these have half as many parts. The columns of their rows are the same.
/// </summary>
internal static class AppendOneSql
{
    /// <summary>$1 app_id, $2 kind, $3 low, $4 high, in all three.</summary>
    public const string Lock = "SELECT count(*) FROM (SELECT id FROM conversation WHERE app_id = $1 AND kind = $2 AND low = $3 AND high = $4 FOR NO KEY UPDATE) locked";

    /// <summary>$5 sender, $6 key, $7 biz_code, $8 data, $9 created_at, $10 node, $11 whether it ends its conversation: 1, else 0.</summary>
    public const string Append =
        """
        WITH alive AS MATERIALIZED (
          SELECT 1 FROM node WHERE generation = $10 AND lease_until > clock_timestamp() FOR KEY SHARE
        ), known AS MATERIALIZED (
          SELECT conversation_id, seq, created_at, biz_code, data FROM message
          WHERE conversation_id = (SELECT id FROM conversation WHERE app_id = $1 AND kind = $2 AND low = $3 AND high = $4)
            AND sender_id = $5 AND client_msg_id = $6 AND EXISTS (SELECT FROM alive)
        ), moved AS (
          INSERT INTO conversation AS c (app_id, kind, low, high, last_seq, closed)
          SELECT $1, $2, $3, $4, 1, $11 = 1 FROM alive WHERE NOT EXISTS (SELECT FROM known)
          ON CONFLICT (app_id, kind, low, high) DO UPDATE SET last_seq = c.last_seq + 1, closed = excluded.closed
            WHERE NOT c.closed
          RETURNING c.id, c.last_seq
        ), stored AS (
          INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
          SELECT id, last_seq, $1, $5, $6, $7, $8, $9 FROM moved
        ), waiting AS (
          INSERT INTO unread (app_id, user_id, conversation_id, last_seq)
          SELECT $1, CASE $5 WHEN $3 THEN $4 ELSE $3 END, id, last_seq FROM moved WHERE $2 = 0
          ON CONFLICT (app_id, user_id, conversation_id) DO UPDATE SET last_seq = excluded.last_seq
        )
        SELECT 1::bigint, id, last_seq, NULL::bigint, NULL::int, NULL::text FROM moved
        UNION ALL
        SELECT 1, conversation_id, seq, created_at, biz_code, data FROM known
        UNION ALL
        SELECT 0, NULL, NULL, NULL, NULL, NULL FROM alive
        """;

    /// <summary>Each index is looked into once: two ids together would make a map of pages first.</summary>
    public const string Routes =
        """
        SELECT 0, app_id, user_id, node FROM session WHERE $2 = 0 AND app_id = $1 AND user_id = $3
        UNION
        SELECT 0, app_id, user_id, node FROM session WHERE $2 = 0 AND app_id = $1 AND user_id = $4
        UNION
        SELECT 1, app_id, room_id, node FROM room_node WHERE $2 = 1 AND app_id = $1 AND room_id = $3
        """;
}
