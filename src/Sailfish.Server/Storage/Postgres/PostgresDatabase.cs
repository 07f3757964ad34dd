using System.Data;
using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The database of a cluster: a pool of connections for reads and small writes, and those that somebody has alone. When it is
/// made, the tables are there.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable, IDisposable
{
    /// <summary>Times that a write is tried which the database gave up for another's sake.</summary>
    private const int MaxTries = 4;

    private readonly NpgsqlDataSource _log;
    private readonly NpgsqlDataSource _node;
    private readonly ChangeBell? _bell;

    /// <param name="options">Where it is.</param>
    /// <param name="logger">Is told of what was changed in it.</param>
    /// <param name="time">The clock that is set by the database's: what the stores load already goes by it.</param>
    /// <param name="bell">Rings when something was changed that other nodes are to hear of.</param>
    public PostgresDatabase(IOptions<ClusterOptions> options, ILogger<PostgresDatabase> logger, ClusterTime? time = null, ChangeBell? bell = null)
    {
        _bell = bell;
        var settings = options.Value;
        Source = NpgsqlDataSource.Create(PostgresSettings.ForPool(settings));
        _log = NpgsqlDataSource.Create(PostgresSettings.ForLog(settings));
        _node = NpgsqlDataSource.Create(PostgresSettings.ForNode(settings));
        WithTables(settings, connection =>
        {
            PostgresMigrations.Run(connection, settings.Name, logger);
            SetClock(connection, time);
            return true;
        });
    }

    /// <summary>The pool.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Looks at the database as it is: what there is, as a sentence.</summary>
    /// <exception cref="ConfigurationException">A start would not get by with it.</exception>
    public static string Describe(ClusterOptions settings) => WithTables(settings, connection => PostgresMigrations.Describe(connection, settings.Name));

    /// <summary>
    /// Runs reads on a connection of the pool; once more when that was one that a restart of the database has cut. Whoever
    /// waits goes on in a thread of the pool, and not in the one that takes the sockets' events, in which the database's
    /// answers come.
    /// </summary>
    public async ValueTask<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await Source.OpenConnectionAsync(cancellationToken);
                return await read(connection);
            }
            catch (NpgsqlException failure) when (attempt == 1 && PostgresFailures.IsOfConnection(failure))
            {
                // With the first one that was cut the pool has let go of all.
            }
            finally
            {
                await LeaveSocketThreadAsync();
            }
        }
    }

    /// <summary>
    /// Runs writes in one transaction: all of them are stored, or none. It may be tried again, when it met another one that
    /// was in its way: so <paramref name="write"/> changes nothing but the database.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> write, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await Source.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
                var result = await write(connection);
                var commit = new CommitWatch(connection);
                // Not to be cancelled: it would not be known whether it was stored.
                await transaction.CommitAsync(CancellationToken.None);
                if (connection.HasTold())
                    _bell?.Ring();
                commit.ThrowIfInDoubt();
                return result;
            }
            catch (PostgresException failure) when (attempt < MaxTries && PostgresFailures.IsInTheWay(failure))
            {
                // The other one is done by now.
            }
            finally
            {
                await LeaveSocketThreadAsync();
            }
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<NpgsqlConnection, Task> write, CancellationToken cancellationToken = default) => WriteAsync(
        async connection =>
        {
            await write(connection);
            return true;
        },
        cancellationToken);

    /// <summary>The connection that appends messages; not open.</summary>
    public NpgsqlConnection NewLogConnection() => _log.CreateConnection();

    /// <summary>A connection that renews the lease of this node; not open.</summary>
    public NpgsqlConnection NewNodeConnection() => _node.CreateConnection();

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _log.DisposeAsync();
        await _node.DisposeAsync();
    }

    public void Dispose()
    {
        Source.Dispose();
        _log.Dispose();
        _node.Dispose();
    }

    /// <summary>To be awaited by whoever has awaited an answer of the database: goes on in a thread of the pool.</summary>
    public static async ValueTask LeaveSocketThreadAsync()
    {
        if (!Thread.CurrentThread.IsThreadPoolThread)
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    private static T WithTables<T>(ClusterOptions settings, Func<NpgsqlConnection, T> use)
    {
        using var connection = new NpgsqlConnection(PostgresSettings.ForMigrations(settings));
        try
        {
            return use(connection);
        }
        catch (NpgsqlException problem)
        {
            throw new ConfigurationException($"The database of Sailfish:Cluster:Database cannot be used: {PostgresFailures.Explain(problem)}");
        }
    }

    private static void SetClock(NpgsqlConnection connection, ClusterTime? time)
    {
        if (time is null)
            return;
        using var command = connection.Command("SELECT clock_timestamp()");
        var asked = time.GetTimestamp();
        var told = (DateTime)command.ExecuteScalar()!;
        time.Note(told, asked, time.GetTimestamp());
    }
}
