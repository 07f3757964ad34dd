using System.Globalization;

namespace Sailfish.Server.Cluster.Postgres;

/// <summary>
/// The channels of a cluster in its database: <c>{name}_n_{generation}</c> for one node, <c>{name}_all</c> for all of them. A
/// name begins with a letter and has letters, digits and underscores, at most 31 together: no channel is longer than
/// PostgreSQL's 63 bytes, and none is another cluster's.
/// </summary>
internal sealed class NotifyChannels(string name, long generation)
{
    public string All { get; } = $"{name}_all";

    public string Own { get; } = Inbox(name, generation);

    public string Of(long node) => node == OutgoingFrame.ToAll ? All : Inbox(name, node);

    private static string Inbox(string name, long node) => string.Create(CultureInfo.InvariantCulture, $"{name}_n_{node}");
}
