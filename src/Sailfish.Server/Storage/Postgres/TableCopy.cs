using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Rows of another database written into a table, in the binary form of COPY.</summary>
internal sealed class TableCopy(NpgsqlConnection connection)
{
    private const string Replacement = "\uFFFD";

    private const string ColumnTypes =
        """
        SELECT a.attname::text, t.typname::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
        """;

    private delegate void ValueWriter(NpgsqlBinaryImporter copy, DbDataReader rows, int column);

    /// <summary>Texts with U+0000, which PostgreSQL does not hold: they have U+FFFD there now.</summary>
    public long Replaced { get; private set; }

    /// <summary>Writes all rows; their columns have the table's names. Gives how many there were.</summary>
    public long Write(string table, DbDataReader rows)
    {
        string[] columns = [.. Enumerable.Range(0, rows.FieldCount).Select(rows.GetName)];
        var writers = WritersOf(table, columns);
        using var copy = connection.BeginBinaryImport($"COPY {table} ({string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)");
        copy.Timeout = TimeSpan.Zero;
        while (rows.Read())
        {
            copy.StartRow();
            for (var column = 0; column < writers.Length; column++)
                Write(copy, rows, column, writers[column]);
        }

        return (long)copy.Complete();
    }

    private static void Write(NpgsqlBinaryImporter copy, DbDataReader rows, int column, ValueWriter write)
    {
        if (rows.IsDBNull(column))
            copy.WriteNull();
        else
            write(copy, rows, column);
    }

    private ValueWriter[] WritersOf(string table, string[] columns)
    {
        var types = connection.List(row => (Name: row.GetString(0), Type: row.GetString(1)), ColumnTypes, table).ToDictionary(c => c.Name, c => c.Type);
        return [.. columns.Select(column => WriterOf(types[column]))];
    }

    /// <summary>SQLite has one kind of number, in which flags and times are, too.</summary>
    private ValueWriter WriterOf(string type) => type switch
    {
        "int8" => (copy, rows, column) => copy.Write(rows.GetInt64(column), NpgsqlDbType.Bigint),
        "int4" => (copy, rows, column) => copy.Write(checked((int)rows.GetInt64(column)), NpgsqlDbType.Integer),
        "int2" => (copy, rows, column) => copy.Write(checked((short)rows.GetInt64(column)), NpgsqlDbType.Smallint),
        "bool" => (copy, rows, column) => copy.Write(rows.GetInt64(column) != 0, NpgsqlDbType.Boolean),
        "timestamptz" => (copy, rows, column) => copy.Write(DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(column)).UtcDateTime, NpgsqlDbType.TimestampTz),
        "text" => (copy, rows, column) => copy.Write(Storable(rows.GetString(column)), NpgsqlDbType.Text),
        "bytea" => (copy, rows, column) => copy.Write(rows.GetFieldValue<byte[]>(column), NpgsqlDbType.Bytea),
        _ => throw new NotSupportedException($"Nothing is moved into columns of the type {type}."),
    };

    private string Storable(string text)
    {
        if (!text.Contains('\0'))
            return text;
        Replaced++;
        return text.Replace("\0", Replacement, StringComparison.Ordinal);
    }
}
