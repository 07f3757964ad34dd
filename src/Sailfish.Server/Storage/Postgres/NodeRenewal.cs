using System.Data;
using Npgsql;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Renews the node's lease, and reads what there is to know of the others, in one round trip on a connection of its own: nobody
/// who waits for one of the pool keeps it from that. Its commits do not wait for the standby: what a failover loses of a lease is
/// renewed, and without a standby all leases would end.
/// </summary>
internal sealed class NodeRenewal(PostgresDatabase database, NodeState state, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Comes first, so that its answer is back before the disk is waited for.</summary>
    private const string Look = "SELECT clock_timestamp(), era.id, era.number FROM (VALUES (1)) AS v(one) LEFT JOIN era ON true";

    private const string Renew = "UPDATE node SET lease_until = clock_timestamp() + interval '8 s', connections = $2, rooms = $3, draining = $4 WHERE generation = $1";
    private const string Nodes = "SELECT generation, name, version, connections, rooms, draining, lease_until FROM node ORDER BY generation";

    /// <summary>A database that needs longer is away.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private NpgsqlConnection? _connection;

    /// <summary>One at a time.</summary>
    public async Task<NodeLook> RunAsync(long generation, CancellationToken cancellationToken)
    {
        var connection = _connection ??= database.NewNodeConnection();
        var asking = AskAsync(connection, generation);
        try
        {
            return await asking.WaitAsync(Limit, time, cancellationToken);
        }
        catch
        {
            // Not cancelled, for one would have to wait for the server that hangs: it ends by its own time-out.
            _connection = null;
            _ = CloseAfterAsync(asking, connection);
            throw;
        }
        finally
        {
            await PostgresDatabase.LeaveSocketThreadAsync();
        }
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task CloseAfterAsync(Task asking, NpgsqlConnection connection)
    {
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
    }

    private static async Task<(DateTime Clock, Era? Era)> ReadLookAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync();
        return (reader.GetDateTime(0), reader.IsDBNull(1) ? null : new Era(reader.GetGuid(1), reader.GetInt64(2)));
    }

    private static async Task<IReadOnlyList<NodeRow>> ReadNodesAsync(NpgsqlDataReader reader, DateTime clock)
    {
        List<NodeRow> nodes = [];
        while (await reader.ReadAsync())
        {
            var until = reader.GetDateTime(6);
            nodes.Add(new NodeRow(
                new NodeInfo(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetBoolean(5), until - clock),
                until));
        }

        return nodes;
    }

    private static async Task<Era> BeginEraAsync(NpgsqlConnection connection)
    {
        await connection.BeginEraAsync();
        return (await connection.FindAsync(row => new Era(row.GetGuid(0), row.GetInt64(1)), "SELECT id, number FROM era"))!;
    }

    private async Task<NodeLook> AskAsync(NpgsqlConnection connection, long generation)
    {
        if (connection.State != ConnectionState.Open)
            await connection.OpenAsync();
        // Each is a transaction of its own: none waits for what another one of them holds.
        await using var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true };
        batch.Add(Look);
        batch.Add(Renew, generation, state.Connections, state.Rooms, state.IsDraining);
        batch.Add(Nodes);
        var asked = time.GetTimestamp();
        IReadOnlyList<NodeRow> nodes;
        DateTime clock;
        Era? era;
        long answered;
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            (clock, era) = await ReadLookAsync(reader);
            answered = time.GetTimestamp();
            await reader.NextResultAsync();
            nodes = await ReadNodesAsync(reader, clock);
        }

        return new NodeLook(nodes, era ?? await BeginEraAsync(connection), clock, asked, answered);
    }
}
