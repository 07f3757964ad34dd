using System.Globalization;
using Microsoft.Extensions.Options;
using Sailfish.Server.Cluster;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Api;

/// <summary>
/// Whether a node of a cluster takes traffic. Without the database it does no more, when others have it, or when nobody can
/// tell because the bus is the database. Where all are without it, sending people elsewhere would help nobody.
/// </summary>
internal sealed class Readiness(ServerState state, NodeLease lease, ClusterView view, IOptions<ClusterOptions> options, IClusterHealth? health = null)
{
    public const string Ready = "ready";
    public const string Draining = "draining";
    private const string NoLease = "no_lease";
    private const string NoDatabase = "no_database";

    /// <summary>Behind the end of the lease, which holds for 7 s: the database has been away for 8 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public ReadyResponse Read()
    {
        var remaining = lease.Remaining;
        return new ReadyResponse(
            Status(),
            lease.Generation.ToString(CultureInfo.InvariantCulture),
            new LeaseStatus(remaining > TimeSpan.Zero, (long)remaining.TotalMilliseconds),
            HealthWords.Of(view.IsDatabaseUp),
            HealthWords.Of(health?.Health));
    }

    private string Status()
    {
        if (!state.IsReady)
            return Draining;
        if (!view.IsDatabaseUp)
            return lease.Overdue >= Patience && IsElsewhereBetter() ? NoDatabase : Ready;
        // The others have given this node up, or may have: it stood still, and has not renewed yet.
        return lease.IsValid ? Ready : NoLease;
    }

    private bool IsElsewhereBetter() => options.Value.Bus == ClusterOptions.PostgresBus || health?.IsDatabaseOkElsewhere == true;
}
