using Dapper;
using Sailfish.IntegrationTests.Harness;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>A table or a column that comes is moved, too, or it is said here why not.</summary>
public sealed class MovedTablesTests
{
    /// <summary>Of SQLite: which changes were made to it, and its last start, whose number goes along by itself.</summary>
    private static readonly string[] NotMoved = ["migration", "node"];

    /// <summary>Of PostgreSQL, and not in SQLite: <c>anchor_seen</c> is the moment of the move.</summary>
    private static readonly string[] ByDefault = ["living_room.anchor_seen"];

    [Fact]
    public void Each_table_of_a_single_server_is_moved()
    {
        using var parts = new LogParts();
        using var connection = parts.Database.OpenReader();
        var tables = connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").Except(NotMoved);
        Assert.Equal(tables.Append("used_room").Order(StringComparer.Ordinal), MovedTables.All.Select(table => table.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_column_of_a_cluster_gets_its_values()
    {
        using var parts = new LogParts();
        using var connection = parts.Database.OpenReader();
        var database = await SharedPostgres.NewDatabaseAsync();
        var server = await SharedPostgres.ServerAsync();
        foreach (var table in MovedTables.All)
        {
            using var rows = connection.ExecuteReader(table.Select, new { now = 0 });
            var columns = await server.SqlAsync($"SELECT string_agg(column_name, ' ' ORDER BY column_name COLLATE \"C\") FROM information_schema.columns WHERE table_name = '{table.Name}'", database);
            var expected = columns.Split(' ').Where(column => !ByDefault.Contains($"{table.Name}.{column}"));
            Assert.Equal(expected, Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).Order(StringComparer.Ordinal));
        }

        await server.DropDatabaseAsync(database);
    }
}
