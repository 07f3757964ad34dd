using Npgsql;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// This start of this node among the nodes of the cluster, from the first moment to the last: its generation, and its lease,
/// which is renewed for as long as the process runs and has the database. Whether it holds is judged by each side's own clock.
/// </summary>
internal sealed class PostgresNode : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>While it does not hold: whoever waits for it waits for its renewal.</summary>
    private static readonly TimeSpan ShortInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a renewal holds for this node, from the moment before it was asked for: a second less than for the others, who
    /// see 8 s from the moment in which it was written.
    /// </summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(7);

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public PostgresNode(PostgresDatabase database, TimeProvider time, ILogger<PostgresNode> logger)
    {
        (_database, _time, _logger) = (database, time, logger);
        var end = End();
        using var connection = database.Source.OpenConnection();
        using var command = connection.Command(
            "INSERT INTO node (name, version, lease_until) VALUES ($1, $2, clock_timestamp() + interval '8 s') RETURNING generation",
            Environment.MachineName, typeof(PostgresNode).Assembly.GetName().Version!.ToString(3));
        Lease = new NodeLease((long)command.ExecuteScalar()!, time, end);
    }

    public NodeLease Lease { get; }

    /// <summary>After all that appends has stopped.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await ChangeAsync("DELETE FROM node WHERE generation = $1", cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            PostgresLog.NodeNotRemoved(_logger, failure);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RenewAsync(stoppingToken);
                await Task.Delay(Lease.IsValid ? Interval : ShortInterval, _time, stoppingToken);
            }
            catch (NpgsqlException failure)
            {
                PostgresLog.NotRenewed(_logger, failure);
                await Task.Delay(ShortInterval, _time, stoppingToken);
            }
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var end = End();
        // Its commit does not wait for the standby: what a failover loses of a lease is renewed, and without a standby all would end.
        const string Renew = "UPDATE node SET lease_until = clock_timestamp() + interval '8 s' WHERE generation = $1 AND set_config('synchronous_commit', 'local', true) = 'local'";
        if (await ChangeAsync(Renew, cancellationToken) == 1)
            Lease.Extend(end);
    }

    private async Task<int> ChangeAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Command(sql, Lease.Generation);
        command.CommandTimeout = (int)Interval.TotalSeconds;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private long End() => _time.GetTimestamp() + (long)(Life.TotalSeconds * _time.TimestampFrequency);
}
