using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Cluster;

/// <summary>Gathers for each other node what it is to be brought, and sends it in one frame.</summary>
internal sealed class MessageRelay(ClusterNode node, NodeLease lease) : IMessageRelay
{
    /// <summary>More nodes than most clusters have; among those that are kept some may be no more.</summary>
    private const int MaxKept = 64;

    private readonly Dictionary<long, NodeBatch> _batches = [];
    private bool _isEmpty = true;

    public void Add(StoredMessage message, IReadOnlyList<long>? nodes, bool closes)
    {
        if (nodes is null)
        {
            AddFor(OutgoingFrame.ToAll, message, closes);
            return;
        }

        var self = lease.Generation;
        foreach (var other in nodes)
        {
            if (other != self)
                AddFor(other, message, closes);
        }
    }

    public void Flush()
    {
        if (_isEmpty)
            return;
        _isEmpty = true;
        var sender = node.Sender;
        foreach (var (other, batch) in _batches)
        {
            // Without a link the node has begun anew, and will be told what it has missed: nobody else can.
            if (sender is null)
                batch.Clear();
            else
                batch.SendTo(other, sender);
        }

        sender?.Flush();
        if (_batches.Count > MaxKept)
            _batches.Clear();
    }

    private void AddFor(long other, StoredMessage message, bool closes)
    {
        if (!_batches.TryGetValue(other, out var batch))
            _batches.Add(other, batch = new NodeBatch());
        batch.Add(message, closes);
        _isEmpty = false;
    }
}
