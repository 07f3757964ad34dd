namespace Sailfish.Server.Storage.Postgres;

/// <summary>Reads of conversations and of their messages.</summary>
internal static class ConversationSql
{
    /// <summary>By names: $1 to $4 are their parts.</summary>
    public const string ByKeys =
        """
        SELECT c.id, c.app_id, c.kind, c.low, c.high, c.last_seq
        FROM unnest($1, $2, $3, $4) AS k(app_id, kind, low, high) JOIN conversation c USING (app_id, kind, low, high)
        """;

    /// <summary>By rows.</summary>
    public const string ByIds = "SELECT id, app_id, kind, low, high, last_seq FROM conversation WHERE id = ANY($1)";

    /// <summary>Messages of the conversation named by $1 to $4 that follow $5: at most $6, and those that fit $7 bytes.</summary>
    public static readonly string After = Bounded($"conversation_id = {IdOfKey} AND seq > $5", "$6", "$7");

    /// <summary>Messages of the conversation $1 from $2 up to $3 that are not from $4: at most $5, and those that fit $6 bytes.</summary>
    public static readonly string FromOthers = Bounded("conversation_id = $1 AND seq BETWEEN $2 AND $3 AND sender_id <> $4", "$5", "$6");

    /// <summary>
    /// The seq before the oldest of the newest messages up to $5 of the conversation named by $1 to $4: those after $6 that fit
    /// $7 bytes, but the newest in any case.
    /// </summary>
    public static readonly string Start =
        $"""
        SELECT min(seq) - 1 FROM (
          SELECT seq, row_number() OVER w AS n, sum({Size}) OVER w AS bytes FROM message
          WHERE conversation_id = {IdOfKey} AND seq > $6 AND seq <= $5 WINDOW w AS (ORDER BY seq DESC)
        ) newest WHERE n = 1 OR bytes <= $7
        """;

    /// <summary>
    /// What waits for the user $2 of the app $1, after the row $3, at most $4. Joined, all positions of the user would be read for
    /// each that waits.
    /// </summary>
    public const string Unread =
        """
        SELECT u.conversation_id, c.low, c.high, u.last_seq,
          coalesce((SELECT p.acked_seq FROM position p WHERE p.user_id = u.user_id AND p.conversation_id = u.conversation_id), 0)
        FROM unread u JOIN conversation c ON c.id = u.conversation_id
        WHERE u.app_id = $1 AND u.user_id = $2 AND u.conversation_id > $3
        ORDER BY u.conversation_id LIMIT $4
        """;

    private const string IdOfKey = "(SELECT id FROM conversation WHERE app_id = $1 AND kind = $2 AND low = $3 AND high = $4)";

    /// <summary>What a message counts for; known without its text.</summary>
    private const string Size = "120 + octet_length(data)";

    /// <summary>
    /// The first one in any case, and those that fit behind it; the last column says how many there would be, up to one more
    /// than asked for. A text that is left out is not read.
    /// </summary>
    private static string Bounded(string which, string count, string bytes) =>
        $"""
        SELECT conversation_id, seq, sender_id, biz_code, created_at, data, total FROM (
          SELECT *, row_number() OVER w AS n, sum({Size}) OVER w AS bytes, count(*) OVER () AS total FROM (
            SELECT * FROM message WHERE {which} ORDER BY seq LIMIT {count}::bigint + 1
          ) candidate WINDOW w AS (ORDER BY seq)
        ) counted WHERE n <= {count} AND (n = 1 OR bytes <= {bytes}) ORDER BY seq
        """;
}
