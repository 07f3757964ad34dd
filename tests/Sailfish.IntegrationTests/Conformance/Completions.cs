using System.Collections.Concurrent;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>What a log told of, in the order in which it did.</summary>
internal sealed class Completions : ISubmissionSink
{
    private readonly ConcurrentQueue<Submission> _submissions = new();
    private readonly ConcurrentDictionary<ConversationKey, long> _newest = new();
    private TaskCompletionSource? _goOn;
    private int _closings;

    public IReadOnlyCollection<Submission> All => _submissions;

    /// <summary>How often a log told that it is closed.</summary>
    public int Closings => Volatile.Read(ref _closings);

    /// <summary>A message was told of twice.</summary>
    public bool IsRepeated { get; private set; }

    /// <summary>Whoever tells something is being held.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>The newest seq of a conversation that was told of; 0 when none was.</summary>
    public long NewestSeq(ConversationKey conversation) => _newest.GetValueOrDefault(conversation);

    /// <summary>Holds whoever tells something until it is let go on.</summary>
    public void Hold() => _goOn = new TaskCompletionSource();

    public void GoOn() => _goOn!.SetResult();

    public void Told(ReadOnlySpan<Submission> submissions)
    {
        IsHolding = _goOn is not null;
        _goOn?.Task.Wait();
        foreach (var submission in submissions)
        {
            _submissions.Enqueue(submission);
            if (submission is { IsDuplicate: false, Stored: { } stored })
                _newest[stored.Conversation] = stored.Seq;
            IsRepeated |= submission.Done?.TrySetResult(submission) == false;
        }
    }

    public void Closed() => Interlocked.Increment(ref _closings);
}
