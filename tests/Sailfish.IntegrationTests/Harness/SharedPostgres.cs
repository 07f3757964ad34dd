using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>The PostgreSQL that tests share, each with a database of its own. It ends with the tests.</summary>
internal static class SharedPostgres
{
    /// <summary>A database with all tables and nothing in them, of which the others are copies.</summary>
    private const string Template = "sailfish_template";

    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);
    private static int _databases;

    public static Task<PostgresServer> ServerAsync() => Shared.Value;

    /// <summary>A new database; gives its name.</summary>
    /// <param name="isEmpty">Without tables.</param>
    public static async Task<string> NewDatabaseAsync(bool isEmpty = false)
    {
        var server = await ServerAsync();
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await server.CreateDatabaseAsync(name, isEmpty ? "template0" : Template);
        return name;
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var server = await PostgresServer.StartAsync(fsync: false);
        await server.CreateDatabaseAsync(Template);
        await using var connection = new NpgsqlConnection(server.ConnectionString(Template) + ";Pooling=false");
        PostgresMigrations.Run(connection, "sailfish", NullLogger.Instance);
        return server;
    }
}
