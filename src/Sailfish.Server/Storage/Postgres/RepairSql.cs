namespace Sailfish.Server.Storage.Postgres;

/// <summary>Reads of what did not come to a node.</summary>
internal static class RepairSql
{
    /// <summary>How far rooms have come, named by $1 and $2; $3 is the kind of a room's conversation.</summary>
    public const string Newest =
        """
        SELECT c.app_id, c.low, c.last_seq, c.closed
        FROM unnest($1, $2) AS r(app_id, room_id) JOIN conversation c ON c.app_id = r.app_id AND c.kind = $3 AND c.low = r.room_id AND c.high = 0
        """;

    /// <summary>
    /// One-to-one messages since $1 ($3 is their kind) of whose two users one has a session on the node $2, those of a
    /// conversation in the order of their seqs. Each of the two is looked up: in a join, or by the node (+ 0 is not in its index),
    /// all sessions of the node would be looked through for each message.
    /// </summary>
    public const string Stored =
        """
        SELECT m.conversation_id, m.seq, m.sender_id, m.biz_code, m.created_at, m.data, c.app_id, c.kind, c.low, c.high
        FROM message m JOIN conversation c ON c.id = m.conversation_id
        WHERE m.stored_at >= $1 AND c.kind = $3
          AND (EXISTS (SELECT FROM session s WHERE s.app_id = c.app_id AND s.user_id = c.low AND s.node + 0 = $2)
            OR EXISTS (SELECT FROM session s WHERE s.app_id = c.app_id AND s.user_id = c.high AND s.node + 0 = $2))
        ORDER BY m.conversation_id, m.seq
        """;

    /// <summary>Runs of seqs: $1 are their conversations, $2 their first and $3 their last ones.</summary>
    public const string Places =
        """
        SELECT m.conversation_id, m.seq, m.sender_id, m.biz_code, m.created_at, m.data
        FROM unnest($1, $2, $3) AS p(conversation_id, first_seq, last_seq)
        JOIN message m ON m.conversation_id = p.conversation_id AND m.seq BETWEEN p.first_seq AND p.last_seq
        ORDER BY m.conversation_id, m.seq
        """;
}
