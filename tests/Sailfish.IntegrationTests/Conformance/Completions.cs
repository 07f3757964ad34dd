using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>What a log told of, in the order in which it did.</summary>
internal sealed class Completions
{
    private readonly ConcurrentQueue<AppendRequest> _requests = new();
    private readonly ConcurrentDictionary<ConversationKey, long> _newest = new();

    public IReadOnlyCollection<AppendRequest> All => _requests;

    /// <summary>The newest seq of a conversation that was told of; 0 when none was.</summary>
    public long NewestSeq(ConversationKey conversation) => _newest.GetValueOrDefault(conversation);

    /// <summary>Takes all until the log is closed.</summary>
    public async Task TakeAsync(IMessageLog log)
    {
        await foreach (var request in log.Completed.ReadAllAsync())
        {
            _requests.Enqueue(request);
            if (request is { IsDuplicate: false, Stored: { } stored })
                _newest[stored.Conversation] = stored.Seq;
            (request as TestMessage)?.Complete();
        }
    }
}
