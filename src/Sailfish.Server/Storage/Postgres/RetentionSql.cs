namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The statements of the retention. The last value of those that delete is the node that does it: they do nothing when another
/// one leads in it by then.
/// </summary>
internal static class RetentionSql
{
    /// <summary>
    /// Deletes messages that were stored before $2 days, the oldest from $1 on, at most $3; gives their conversations, how many of
    /// each, and when the last of them was stored. The next ones are looked for from there, and not among what is gone.
    /// </summary>
    public const string DeleteMessages =
        $"""
        WITH old AS MATERIALIZED (
          SELECT conversation_id, seq FROM message
          WHERE stored_at >= $1 AND stored_at < now() - make_interval(days => $2) AND {Leads}
          ORDER BY stored_at LIMIT $3
        ), deleted AS (
          DELETE FROM message m USING old WHERE m.conversation_id = old.conversation_id AND m.seq = old.seq
          RETURNING m.conversation_id, m.stored_at
        )
        SELECT conversation_id, count(*), max(stored_at) FROM deleted GROUP BY conversation_id
        """;

    /// <summary>The two users of each of the one-to-one conversations $1, and the seq before the first message that there is, or will be.</summary>
    public const string Gone =
        """
        SELECT u.user_id, c.id, coalesce((SELECT min(seq) FROM message WHERE conversation_id = c.id), c.last_seq + 1) - 1
        FROM conversation c CROSS JOIN LATERAL (VALUES (c.low), (c.high)) AS u(user_id)
        WHERE c.id = ANY($1) AND c.kind = 0 ORDER BY 1, 2
        """;

    /// <summary>Deletes what the content check found before $1, and all but the newest $2; looks at the $3 oldest.</summary>
    public const string DeleteRisks =
        $"""
        DELETE FROM risk_record WHERE id IN (SELECT id FROM risk_record ORDER BY id LIMIT $3)
          AND (created_at < $1 OR id <= (SELECT max(id) FROM risk_record) - $2) AND {Leads}
        """;

    private const string Leads = $"EXISTS (SELECT FROM lease WHERE name = '{PostgresRetention.Lead}' AND node = $4 AND until > clock_timestamp())";
}
