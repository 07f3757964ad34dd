using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>What a log told of, in the order in which it did.</summary>
internal sealed class Completions
{
    private readonly ConcurrentQueue<Submission> _submissions = new();
    private readonly ConcurrentDictionary<ConversationKey, long> _newest = new();

    public IReadOnlyCollection<Submission> All => _submissions;

    /// <summary>The newest seq of a conversation that was told of; 0 when none was.</summary>
    public long NewestSeq(ConversationKey conversation) => _newest.GetValueOrDefault(conversation);

    /// <summary>Takes all until the log is closed.</summary>
    public async Task TakeAsync(IMessageLog log)
    {
        await foreach (var submission in log.Completed.ReadAllAsync())
        {
            _submissions.Enqueue(submission);
            if (submission is { IsDuplicate: false, Stored: { } stored })
                _newest[stored.Conversation] = stored.Seq;
            submission.Done!.SetResult(submission);
        }
    }
}
