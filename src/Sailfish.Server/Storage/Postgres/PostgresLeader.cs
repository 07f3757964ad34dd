using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// The lead in something is a row that names a node, for as long as the node renews it. A row and no lock of a session: those end
/// with a pooler's connection.
/// </summary>
internal sealed class PostgresLeader(PostgresDatabase database, NodeLease lease) : ILeader
{
    /// <summary>
    /// A node whose own lease has ended leads in nothing. Where nobody has led for longer than it takes to follow a node that
    /// died, the lead begins anew: all nodes, or the database, were away.
    /// </summary>
    private const string Take =
        """
        INSERT INTO lease AS l (name, node, until, since)
        SELECT $1, generation, clock_timestamp() + interval '10 s', clock_timestamp() FROM node WHERE generation = $2 AND lease_until > clock_timestamp()
        ON CONFLICT (name) DO UPDATE SET node = excluded.node, until = excluded.until,
          since = CASE WHEN l.until < clock_timestamp() - interval '15 s' THEN excluded.since ELSE l.since END
        WHERE l.node = excluded.node OR l.until < clock_timestamp()
        RETURNING l.node
        """;

    /// <summary>A statement of its own, which may be run twice.</summary>
    public async ValueTask<bool> TryLeadAsync(string name, CancellationToken cancellationToken) =>
        await database.ReadAsync(connection => connection.NumberAsync(Take, name, lease.Generation), cancellationToken) is not null;
}
