using System.Globalization;

namespace Sailfish.Server.Cluster.Nats;

/// <summary>
/// The subjects of a cluster: <c>{name}.1.n.{generation}</c> for one node, <c>{name}.1.all</c> for all. The 1 is the version of
/// the frames: an incompatible one gets its own, beside this.
/// </summary>
internal sealed class NatsSubjects(string name, long generation)
{
    public string All { get; } = $"{name}.1.all";

    public string Own { get; } = Inbox(name, generation);

    public string Of(long node) => node == OutgoingFrame.ToAll ? All : Inbox(name, node);

    private static string Inbox(string name, long node) => string.Create(CultureInfo.InvariantCulture, $"{name}.1.n.{node}");
}
