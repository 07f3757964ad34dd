using System.Threading.Channels;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Messaging;

/// <summary>
/// What is appended to the durable truth: per conversation a gap-free sequence of messages, which is read by
/// <see cref="IMessageHistory"/>.
/// </summary>
internal interface IMessageLog
{
    /// <summary>
    /// Hands a message to the writer; waits while the writer's queue is full, which is how back-pressure reaches senders.
    /// What became of it arrives at <see cref="Completed"/>.
    /// </summary>
    ValueTask AppendAsync(Submission submission, CancellationToken cancellationToken);

    /// <summary>Submissions after their commit (or failure), in the order of their seqs within a conversation.</summary>
    ChannelReader<Submission> Completed { get; }

    /// <summary>
    /// Called on the log's own thread when submissions have come to <see cref="Completed"/>, with their number, and once more
    /// after the last ones. Must not throw.
    /// </summary>
    Action<int>? OnCompleted { get; set; }
}
