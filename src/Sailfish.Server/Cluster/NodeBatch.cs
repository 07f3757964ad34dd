using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Cluster;

/// <summary>
/// What one commit brought for one other node: one frame, however many messages that are. When they are too many for the bus, the
/// frame says where in the log they stand.
/// </summary>
internal sealed class NodeBatch
{
    private readonly List<MessageItem> _messages = [];

    public int Count => _messages.Count;

    /// <summary>In the order of their commit.</summary>
    public void Add(StoredMessage message, bool closes = false) => _messages.Add(new MessageItem(message, closes));

    public void Clear() => _messages.Clear();

    /// <summary>Gives what was added to the sender, to be flushed, and begins anew; false when any of it was dropped.</summary>
    /// <param name="node">Its generation; <see cref="OutgoingFrame.ToAll"/> for all.</param>
    /// <param name="sender">Of this node.</param>
    public bool SendTo(long node, ClusterSender sender)
    {
        if (Count == 0)
            return true;
        var isSent = TryWriteMessages(sender.MaxMessageBytes) is { } whole ? Send(node, whole, sender) : SendPlaces(node, sender);
        Clear();
        return isSent;
    }

    private FrameWriter<MessageItem>? TryWriteMessages(int maxBytes)
    {
        var frame = new FrameWriter<MessageItem>(maxBytes);
        return _messages.TrueForAll(message => frame.TryAdd(message)) ? frame : null;
    }

    /// <summary>Places are small: one frame holds those of a hundred conversations, whatever the bus.</summary>
    private bool SendPlaces(long node, ClusterSender sender)
    {
        var isSent = true;
        var frame = new FrameWriter<PlaceItem>(sender.MaxMessageBytes);
        foreach (var place in Places())
        {
            if (frame.TryAdd(place))
                continue;
            isSent &= Send(node, frame, sender);
            frame.Clear();
            frame.TryAdd(place);
        }

        return Send(node, frame, sender) && isSent;
    }

    private static bool Send<T>(long node, FrameWriter<T> frame, ClusterSender sender)
        where T : IFrameItem<T> => node == OutgoingFrame.ToAll ? sender.Broadcast(frame, isMore: true) : sender.Send(node, frame, isMore: true);

    /// <summary>Runs of seqs, each conversation's one after the other.</summary>
    private IEnumerable<PlaceItem> Places()
    {
        foreach (var conversation in _messages.GroupBy(item => item.Message.ConversationId))
        {
            PlaceItem? run = null;
            foreach (var (message, closes) in conversation)
            {
                if (run is { } open && message.Seq == open.LastSeq + 1 && open.Count < PlaceItem.MaxCount)
                {
                    run = open with { Count = open.Count + 1, Closes = closes };
                    continue;
                }

                if (run is { } ended)
                    yield return ended;
                run = new PlaceItem(message.ConversationId, message.Conversation, message.Seq, 1, closes);
            }

            yield return run!.Value;
        }
    }
}
