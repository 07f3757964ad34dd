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

    public PostgresDatabase(IOptions<ClusterOptions> options, ILogger<PostgresDatabase> logger)
    {
        var settings = options.Value;
        Source = NpgsqlDataSource.Create(PostgresSettings.ForPool(settings));
        _log = NpgsqlDataSource.Create(PostgresSettings.ForLog(settings));
        WithTables(settings, connection =>
        {
            PostgresMigrations.Run(connection, settings.Name, logger);
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
                // Not to be cancelled: it would not be known whether it was stored.
                await transaction.CommitAsync(CancellationToken.None);
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

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _log.DisposeAsync();
    }

    public void Dispose()
    {
        Source.Dispose();
        _log.Dispose();
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

    private static async ValueTask LeaveSocketThreadAsync()
    {
        if (!Thread.CurrentThread.IsThreadPoolThread)
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }
}
