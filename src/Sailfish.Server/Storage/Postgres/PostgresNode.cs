using Microsoft.Extensions.Options;
using Npgsql;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// This node's row among those of the cluster: there from the first moment, with a generation that no other start had, and a
/// lease, which <see cref="NodeKeeper"/> renews.
/// </summary>
internal sealed class PostgresNode
{
    /// <summary>Its commit waits for the standby, unlike a renewal's: no generation comes twice.</summary>
    private const string Insert = "INSERT INTO node (name, version, advertise, lease_until) VALUES ($1, $2, $3, clock_timestamp() + interval '8 s') RETURNING generation";

    /// <summary>
    /// How long a renewal holds for this node, from the moment before it was asked for: a second less than for the others, who
    /// see 8 s from the moment in which it was written.
    /// </summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(7);

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;
    private readonly string _address;

    /// <param name="database">The cluster's.</param>
    /// <param name="time">The clock of the lease.</param>
    /// <param name="options">Where other nodes reach this one; nowhere when not given.</param>
    public PostgresNode(PostgresDatabase database, TimeProvider time, IOptions<ClusterOptions>? options = null)
    {
        (_database, _time, _address) = (database, time, options?.Value.AdvertisedAddress ?? "");
        var end = EndOf(time.GetTimestamp());
        try
        {
            Lease = new NodeLease(Begin(database.Source), time, end);
        }
        catch (NpgsqlException problem)
        {
            throw new ConfigurationException($"The database of Sailfish:Cluster:Database cannot be used: {PostgresFailures.Explain(problem)}");
        }
    }

    public NodeLease Lease { get; }

    /// <summary>Until when a lease holds that was asked for at a moment.</summary>
    public long EndOf(long asked) => asked + (long)(Life.TotalSeconds * _time.TimestampFrequency);

    /// <summary>The node begins anew, with another generation. What is left of the one before goes.</summary>
    public async Task BeginAnewAsync(CancellationToken cancellationToken)
    {
        var end = EndOf(_time.GetTimestamp());
        var generation = await _database.WriteAsync(
            async connection =>
            {
                await connection.RemoveNodeAsync(Lease.Generation);
                await using var command = NewInsert(connection);
                return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            },
            cancellationToken);
        Lease.Begin(generation, end);
    }

    private long Begin(NpgsqlDataSource source)
    {
        using var connection = source.OpenConnection();
        using var command = NewInsert(connection);
        var commit = new CommitWatch(connection);
        var generation = (long)command.ExecuteScalar()!;
        commit.ThrowIfInDoubt();
        return generation;
    }

    private NpgsqlCommand NewInsert(NpgsqlConnection connection) =>
        connection.Command(Insert, Environment.MachineName, typeof(PostgresNode).Assembly.GetName().Version!.ToString(3), _address);
}
