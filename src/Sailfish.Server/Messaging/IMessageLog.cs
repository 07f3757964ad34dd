using Sailfish.Server.Conversations;

namespace Sailfish.Server.Messaging;

/// <summary>
/// What is appended to the durable truth: per conversation a gap-free sequence of messages, which is read by
/// <see cref="IMessageHistory"/>. What became of each is told to the <see cref="ISubmissionSink"/> that the log was made with.
/// </summary>
internal interface IMessageLog
{
    /// <summary>Hands a message over; waits while too many wait to be stored, which is how back-pressure reaches senders.</summary>
    ValueTask AppendAsync(Submission submission, CancellationToken cancellationToken);
}
