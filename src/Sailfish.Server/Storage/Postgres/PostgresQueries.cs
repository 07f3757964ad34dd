using Npgsql;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Small statements and what they give, in short. $1 is the first value.</summary>
internal static class PostgresQueries
{
    /// <summary>Gives how many rows it changed.</summary>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Whether something is so.</summary>
    public static async Task<bool> IsAsync(this NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = connection.Command(sql, values);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A number, or null.</summary>
    public static async Task<long?> NumberAsync(this NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteScalarAsync() as long?;
    }

    /// <summary>The first row; null when there is none.</summary>
    public static async Task<T?> FindAsync<T>(this NpgsqlConnection connection, Func<NpgsqlDataReader, T> read, string sql, params object[] values)
        where T : class
    {
        await using var command = connection.Command(sql, values);
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync() ? read(rows) : null;
    }

    public static async Task<IReadOnlyList<T>> ListAsync<T>(this NpgsqlConnection connection, Func<NpgsqlDataReader, T> read, string sql, params object[] values)
    {
        await using var command = connection.Command(sql, values);
        await using var rows = await command.ExecuteReaderAsync();
        List<T> found = [];
        while (await rows.ReadAsync())
            found.Add(read(rows));
        return found;
    }

    /// <summary>At a start, when nothing else is to be done meanwhile.</summary>
    public static IReadOnlyList<T> List<T>(this NpgsqlConnection connection, Func<NpgsqlDataReader, T> read, string sql, params object[] values)
    {
        using var command = connection.Command(sql, values);
        using var rows = command.ExecuteReader();
        List<T> found = [];
        while (rows.Read())
            found.Add(read(rows));
        return found;
    }

    public static int Execute(this NpgsqlConnection connection, string sql, params object[] values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteNonQuery();
    }
}
