using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>The log of one node, in this process, on a database that others may use, too.</summary>
internal sealed class PostgresParts : IAsyncDisposable
{
    private static readonly TimeSpan Unhurried = TimeSpan.FromMinutes(5);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private PostgresParts(PostgresDatabase database, long node, ISubmissionSink sink, TimeProvider time, TimeSpan? patience, bool appendsOneAlone)
    {
        Database = database;
        Lease = new NodeLease(node, time);
        Log = new PostgresMessageLog(
            database, Lease, sink, Options.Create(new StorageOptions()),
            new StorageMetrics(_services.GetRequiredService<IMeterFactory>()), time, NullLogger<PostgresMessageLog>.Instance)
        {
            Patience = patience ?? Unhurried,
            AppendsOneAlone = appendsOneAlone,
        };
        History = new PostgresMessageHistory(database);
        Positions = new PostgresPositionStore(database);
    }

    public PostgresDatabase Database { get; }

    public NodeLease Lease { get; }

    public PostgresMessageLog Log { get; }

    public PostgresMessageHistory History { get; }

    public PostgresPositionStore Positions { get; }

    /// <summary>A node of its own, which nobody gives up.</summary>
    /// <param name="connectionString">Where the database is.</param>
    /// <param name="sink">Is told what becomes of messages.</param>
    /// <param name="time">The clock by which messages wait too long.</param>
    /// <param name="patience">How long that is; longer than a busy machine needs when not given.</param>
    /// <param name="appendsOneAlone">By the statements for one.</param>
    public static async Task<PostgresParts> StartAsync(
        string connectionString, ISubmissionSink sink, TimeProvider? time = null, TimeSpan? patience = null, bool appendsOneAlone = true)
    {
        var database = new PostgresDatabase(Options.Create(new ClusterOptions { Database = connectionString }), NullLogger<PostgresDatabase>.Instance);
        var node = await database.WriteAsync(async connection =>
        {
            await using var command = connection.Command("INSERT INTO node (name, version, lease_until) VALUES ('test', '', 'infinity') RETURNING generation");
            return (long)(await command.ExecuteScalarAsync())!;
        });
        var parts = new PostgresParts(database, node, sink, time ?? TimeProvider.System, patience, appendsOneAlone);
        await parts.Log.StartAsync(CancellationToken.None);
        return parts;
    }

    /// <summary>Holds the log: what is handed over meanwhile comes into one transaction.</summary>
    public IDisposable Hold() => new HeldLease(Lease);

    /// <summary>The first column of the first row.</summary>
    public async Task<T> SqlAsync<T>(string sql) => await Database.WriteAsync(async connection =>
    {
        await using var command = connection.Command(sql);
        return (T)Convert.ChangeType((await command.ExecuteScalarAsync())!, typeof(T), CultureInfo.InvariantCulture);
    });

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Wait.Limit);
        await Log.StopAsync(limit.Token);
        Log.Dispose();
        await Database.DisposeAsync();
        await _services.DisposeAsync();
    }

    private sealed class HeldLease : IDisposable
    {
        private readonly NodeLease _lease;

        public HeldLease(NodeLease lease)
        {
            _lease = lease;
            _lease.Extend(0);
        }

        public void Dispose() => _lease.Extend(long.MaxValue);
    }
}
