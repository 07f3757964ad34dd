namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The statements of one append, which are sent at once and answered at once: BEGIN, <see cref="Lock"/>, <see cref="Append"/>,
/// COMMIT, <see cref="Routes"/>. When one fails, those behind it are not run.
/// </summary>
internal static class AppendSql
{
    /// <summary>Each statement has a snapshot of its own, whatever the database has been set to.</summary>
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    /// <summary>
    /// Locks the conversations in one order, the same on every node: nobody waits in a circle. The next statement has a snapshot
    /// of its own, and so sees what the transaction that was waited for has stored.
    /// </summary>
    public const string Lock =
        """
        SELECT count(*) FROM (
          SELECT c.id FROM conversation c
          JOIN (SELECT DISTINCT * FROM unnest($1, $2, $3, $4) AS t(app_id, kind, low, high)) k USING (app_id, kind, low, high)
          ORDER BY c.app_id, c.kind, c.low, c.high FOR NO KEY UPDATE OF c) locked
        """;

    /// <summary>
    /// Gives each message its place: a new one, or that of the one with the same key. $10 is the node, $11 the number of the
    /// message that ends its conversation, or 0. What is there with its key is looked for by the whole key, which comes from one
    /// place: by the conversation alone, as the database would else do it, all that was ever said there would be read. Row 0 says that the node's lease holds; without it nothing is written, and
    /// with it the lock on the node's row keeps others from giving the node up before this has committed. A message that has
    /// no row came after the end of its conversation.
    /// </summary>
    public const string Append =
        """
        WITH alive AS MATERIALIZED (
          SELECT 1 FROM node WHERE generation = $10 AND lease_until > clock_timestamp() FOR KEY SHARE
        ), input AS MATERIALIZED (
          SELECT t.* FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            WITH ORDINALITY AS t(app_id, kind, low, high, sender_id, client_msg_id, biz_code, data, created_at, n)
          WHERE EXISTS (SELECT FROM alive)
        ), keyed AS MATERIALIZED (
          SELECT i.n, kc.id AS conversation_id, i.sender_id, i.client_msg_id FROM input i JOIN conversation kc USING (app_id, kind, low, high)
        ), known AS MATERIALIZED (
          SELECT k.n, m.conversation_id, m.seq, m.created_at, m.biz_code, m.data FROM keyed k
          JOIN message m ON m.conversation_id = k.conversation_id AND m.sender_id = k.sender_id AND m.client_msg_id = k.client_msg_id
        ), fresh AS MATERIALIZED (
          SELECT i.*, row_number() OVER w AS k, count(*) OVER (PARTITION BY i.app_id, i.kind, i.low, i.high) AS total
          FROM input i WHERE i.n NOT IN (SELECT n FROM known)
          WINDOW w AS (PARTITION BY i.app_id, i.kind, i.low, i.high ORDER BY i.n)
        ), moved AS (
          INSERT INTO conversation AS c (app_id, kind, low, high, last_seq, closed)
          SELECT app_id, kind, low, high, total, (app_id, kind, low, high) IN (SELECT app_id, kind, low, high FROM fresh WHERE n = $11)
          FROM fresh WHERE k = 1 ORDER BY app_id, kind, low, high
          ON CONFLICT (app_id, kind, low, high) DO UPDATE SET last_seq = c.last_seq + excluded.last_seq, closed = excluded.closed
            WHERE NOT c.closed
          RETURNING c.id, c.app_id, c.kind, c.low, c.high, c.last_seq
        ), placed AS MATERIALIZED (
          SELECT f.*, m.id AS conversation_id, m.last_seq - f.total + f.k AS seq
          FROM fresh f JOIN moved m USING (app_id, kind, low, high)
        ), stored AS (
          INSERT INTO message (conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at)
          SELECT conversation_id, seq, app_id, sender_id, client_msg_id, biz_code, data, created_at FROM placed
        ), waiting AS (
          INSERT INTO unread (app_id, user_id, conversation_id, last_seq)
          SELECT app_id, CASE sender_id WHEN low THEN high ELSE low END, conversation_id, max(seq) FROM placed WHERE kind = 0
          GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
          ON CONFLICT (app_id, user_id, conversation_id) DO UPDATE SET last_seq = excluded.last_seq
        )
        SELECT n, conversation_id, seq, NULL::bigint, NULL::int, NULL::text FROM placed
        UNION ALL
        SELECT n, conversation_id, seq, created_at, biz_code, data FROM known
        UNION ALL
        SELECT 0, NULL, NULL, NULL, NULL, NULL FROM alive
        """;

    public const string Commit = "COMMIT";

    /// <summary>
    /// Where the receivers are, read after the COMMIT with a snapshot of its own: a session or room that was stored before its
    /// node read the newest seq is either here, or that read found the message. $1 and $2 are users of one-to-one
    /// conversations, $3 and $4 rooms.
    /// </summary>
    public const string Routes =
        """
        SELECT 0, s.app_id, s.user_id, s.node FROM session s
          JOIN (SELECT DISTINCT * FROM unnest($1, $2) AS t(app_id, user_id)) u USING (app_id, user_id)
        UNION
        SELECT 1, r.app_id, r.room_id, r.node FROM room_node r
          JOIN (SELECT DISTINCT * FROM unnest($3, $4) AS t(app_id, room_id)) v USING (app_id, room_id)
        """;

    public const string Rollback = "ROLLBACK";
}
