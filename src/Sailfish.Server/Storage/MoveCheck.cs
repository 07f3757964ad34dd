using System.Data.Common;

namespace Sailfish.Server.Storage;

/// <summary>Whether two stores have the same conversations, as far as the same seqs, and as many messages of each.</summary>
internal static class MoveCheck
{
    /// <summary>The same for both stores, so that neither's way of moving is believed.</summary>
    public const string Conversations =
        """
        SELECT c.id, c.last_seq, count(m.seq), coalesce(max(m.seq), 0)
        FROM conversation c LEFT JOIN message m ON m.conversation_id = c.id GROUP BY c.id ORDER BY c.id
        """;

    /// <exception cref="InvalidDataException">They have not; it says where.</exception>
    public static void Compare(DbDataReader source, DbDataReader target)
    {
        while (true)
        {
            var (from, to) = (Next(source), Next(target));
            if (from != to)
                throw new InvalidDataException($"A conversation is not the same on both sides. Source: {Describe(from)}. Target: {Describe(to)}.");
            if (from is null)
                return;
        }
    }

    /// <exception cref="InvalidDataException">A table has not the rows that it should.</exception>
    public static void Compare(string table, long source, long target)
    {
        if (source != target)
            throw new InvalidDataException($"The table {table} has {source} rows in the source, and {target} in the target.");
    }

    private static Row? Next(DbDataReader rows) => rows.Read() ? new Row(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3)) : null;

    private static string Describe(Row? row) =>
        row is null ? "none" : $"number {row.Id}, last seq {row.LastSeq}, {row.Messages} messages up to seq {row.Newest}";

    private sealed record Row(long Id, long LastSeq, long Messages, long Newest);
}
