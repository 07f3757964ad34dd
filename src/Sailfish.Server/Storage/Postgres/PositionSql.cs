namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The statements by which acked positions are saved. $1 and $2 are users and conversations, in their order, the same for all:
/// nobody waits in a circle.
/// </summary>
internal static class PositionSql
{
    /// <summary>What is stored, which nobody changes until the transaction ends: so there is a row of each from now on.</summary>
    public const string Take =
        """
        INSERT INTO position (user_id, conversation_id, acked_seq)
        SELECT user_id, conversation_id, 0 FROM unnest($1, $2) WITH ORDINALITY AS t(user_id, conversation_id, n) ORDER BY n
        ON CONFLICT (user_id, conversation_id) DO UPDATE SET acked_seq = position.acked_seq
        RETURNING user_id, conversation_id, acked_seq
        """;

    /// <summary>
    /// Comes before the commit, which waits neither for the disk nor for a standby, since appends to these conversations would wait with
    /// it. What a crash of the database loses comes once more, with the same msgId.
    /// </summary>
    public const string Begin = "SET LOCAL synchronous_commit = off";

    /// <summary>Raises positions to $3.</summary>
    public const string Raise =
        """
        INSERT INTO position (user_id, conversation_id, acked_seq)
        SELECT user_id, conversation_id, acked_seq FROM unnest($1, $2, $3) WITH ORDINALITY AS t(user_id, conversation_id, acked_seq, n) ORDER BY n
        ON CONFLICT (user_id, conversation_id) DO UPDATE SET acked_seq = excluded.acked_seq WHERE position.acked_seq < excluded.acked_seq
        """;

    /// <summary>Raises positions to $3 where there are any.</summary>
    public const string RaiseKnown =
        """
        WITH known AS MATERIALIZED (
          SELECT p.user_id, p.conversation_id, t.acked_seq FROM unnest($1, $2, $3) AS t(user_id, conversation_id, acked_seq)
          JOIN position p USING (user_id, conversation_id) WHERE p.acked_seq < t.acked_seq
          ORDER BY p.user_id, p.conversation_id FOR NO KEY UPDATE OF p
        )
        UPDATE position p SET acked_seq = known.acked_seq FROM known
        WHERE p.user_id = known.user_id AND p.conversation_id = known.conversation_id AND p.acked_seq < known.acked_seq
        """;

    /// <summary>
    /// What a position of $3 reaches does not wait any more. What somebody has locked is left as it is: an append, behind which
    /// something waits again, must not be kept waiting by the appends to other conversations that this would wait for.
    /// </summary>
    public const string RemoveUnread =
        """
        WITH reached AS MATERIALIZED (
          SELECT u.app_id, u.user_id, u.conversation_id FROM unnest($1, $2, $3) AS t(user_id, conversation_id, acked_seq)
          JOIN conversation c ON c.id = t.conversation_id
          JOIN unread u ON u.app_id = c.app_id AND u.user_id = t.user_id AND u.conversation_id = t.conversation_id
          WHERE u.last_seq <= t.acked_seq FOR UPDATE OF u SKIP LOCKED
        )
        DELETE FROM unread u USING reached r WHERE u.app_id = r.app_id AND u.user_id = r.user_id AND u.conversation_id = r.conversation_id
        """;

    public const string CountFromOthers =
        """
        SELECT count(*) FROM (
          SELECT 1 FROM message WHERE conversation_id = $1 AND seq BETWEEN $2 AND $3 AND sender_id <> $4 LIMIT $5) found
        """;
}
