using System.Globalization;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>
/// Messages that are appended together. Of those with the same key the first one is sent, and the others get its place. A
/// message that ends its conversation is the last.
/// </summary>
internal sealed class AppendBatch
{
    private readonly List<WaitingAppend> _jobs = [];
    private readonly List<WaitingAppend> _sent = [];
    private readonly Dictionary<(ConversationKey Conversation, long SenderId, string ClientMsgId), WaitingAppend> _byClientMsgId = [];

    /// <summary>Of a try it is not known whether it was stored: what is there with a key may be its message.</summary>
    public bool IsUnknown { get; set; }

    /// <summary>Why the last try was not stored.</summary>
    public Exception? Failure { get; set; }

    public int Count => _jobs.Count;

    public IReadOnlyList<WaitingAppend> Jobs => _jobs;

    /// <summary>Those that are sent: each key once.</summary>
    public IReadOnlyList<WaitingAppend> Sent => _sent;

    /// <summary>Nothing comes behind the end of a conversation, which is stored with what else ends.</summary>
    public bool IsFinished => _jobs.Count > 0 && _jobs[^1].Submission.Closes;

    /// <summary>The number of the message that ends its conversation, from 1; 0 when none does.</summary>
    public long End => IsFinished && _jobs[^1].First is null ? _sent.Count : 0;

    public void Add(WaitingAppend job)
    {
        var submission = job.Submission;
        job.First = null;
        _jobs.Add(job);
        if (submission.ClientMsgId is { } id && !_byClientMsgId.TryAdd((submission.Conversation, submission.SenderId, id), job))
            job.First = _byClientMsgId[(submission.Conversation, submission.SenderId, id)];
        else
            _sent.Add(job);
    }

    public void Clear()
    {
        _jobs.Clear();
        _sent.Clear();
        _byClientMsgId.Clear();
        (IsUnknown, Failure) = (false, null);
    }

    /// <summary>Leaves out so many of those that came first.</summary>
    public void RemoveFirst(int count)
    {
        WaitingAppend[] left = [.. _jobs.Skip(count)];
        _jobs.Clear();
        _sent.Clear();
        _byClientMsgId.Clear();
        foreach (var job in left)
            Add(job);
    }

    /// <summary>Notes what became of each message, when they are stored.</summary>
    public void Settle(IEnumerable<AppendRow> rows, AppendRoutes? routes)
    {
        foreach (var job in _sent)
            job.Submission.IsTooLate = true;
        foreach (var row in rows)
            Settle(_sent[row.Number - 1].Submission, row, routes);
        foreach (var job in _jobs)
        {
            if (job.First is { Submission: var first })
                (job.Submission.Stored, job.Submission.IsDuplicate, job.Submission.IsTooLate) = (first.Stored, !first.IsTooLate, first.IsTooLate);
        }
    }

    /// <summary>Makes keys for those that have none.</summary>
    /// <param name="node">Which node: its keys are no other one's.</param>
    /// <param name="counter">Of the node.</param>
    public void MakeKeys(long node, ref long counter)
    {
        // No client sends controls in its ids. All of one length: so they stand in the index in the order in which they came.
        foreach (var job in _sent)
            job.Key ??= job.Submission.ClientMsgId ?? string.Create(CultureInfo.InvariantCulture, $"\u0001{node:x8}-{++counter:x10}");
    }

    private void Settle(Submission submission, AppendRow row, AppendRoutes? routes)
    {
        // What was stored by a try of which it was not known has our time.
        var earlier = row.Earlier is { } found && !(IsUnknown && found.Time == submission.Time) ? found : null;
        submission.IsTooLate = false;
        submission.IsDuplicate = earlier is not null;
        submission.Nodes = earlier is null ? routes?.Of(submission.Conversation) : null;
        submission.Stored = new StoredMessage
        {
            Conversation = submission.Conversation,
            ConversationId = row.ConversationId,
            Seq = row.Seq,
            SenderId = submission.SenderId,
            BizCode = earlier?.BizCode ?? submission.BizCode,
            Data = earlier?.Data ?? submission.Data,
            Time = earlier?.Time ?? submission.Time,
        };
    }
}
