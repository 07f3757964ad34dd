using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>
/// Brings what this node committed to the other nodes where somebody waits for it. Never waits: what gets lost they read from
/// the log. The dispatcher's loop's. A server that is alone has none.
/// </summary>
internal interface IMessageRelay
{
    /// <summary>Adds a message, in the order of the commits.</summary>
    /// <param name="message">What was committed.</param>
    /// <param name="nodes">
    /// The generations of the nodes where somebody waits for it; this one may be among them. Null where it is not known: then it
    /// is brought to all.
    /// </param>
    /// <param name="closes">It ends its room.</param>
    void Add(StoredMessage message, IReadOnlyList<long>? nodes, bool closes);

    /// <summary>Sends what was added: one frame for each node.</summary>
    void Flush();
}
