using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// Appends messages in the writer's transactions, and tells what became of them after each batch. Seqs are given out by the
/// writer's thread, so they have no gap: a transaction that fails takes its seqs back by forgetting what was cached.
/// </summary>
internal sealed class MessageAppender(
    ConversationTable conversations, RecentMessages recent, MessageSpace space, UnreadRows unread, ISubmissionSink sink) : ICommitHook, IDisposable
{
    /// <summary>More than the settings allow for came at once.</summary>
    private static readonly StorageFullException NoSpace = new("the disk is full, or the database (Sailfish:Storage:MinFreeMiB, Sailfish:Storage:MaxSizeMiB)");

    /// <summary>Conversations that the transaction under way wrote to.</summary>
    private readonly List<(ConversationKey Key, ConversationState State)> _dirty = [];

    /// <summary>Committed or failed in this batch, and not told yet.</summary>
    private readonly List<Submission> _done = [];
    private AppendStatements? _statements;

    /// <summary>In the transaction.</summary>
    public void Append(Submission submission, SqliteConnection connection)
    {
        var statements = _statements ??= new AppendStatements(connection);
        // It may be tried again, alone, after a transaction that failed for another's sake.
        BeginAnew(submission);
        // What ends a conversation is stored with what else it ends.
        if (!submission.Closes && space.Refusal(submission, statements) is { } refusal && !statements.IsKnown(submission))
        {
            submission.Failure = refusal;
            return;
        }

        var state = Resolve(submission.Conversation, statements);
        if (state.IsClosed)
        {
            Refuse(submission, state, connection);
            return;
        }

        submission.IsDuplicate = !statements.TryInsert(submission, state.Id, state.LastSeq + 1);
        if (submission.IsDuplicate)
        {
            submission.Stored = MessageRows.First(connection, state.Id, submission);
            return;
        }

        if (!state.IsDirty)
            _dirty.Add((submission.Conversation, state));
        state.Take(submission);
        submission.Stored = new StoredMessage
        {
            Conversation = submission.Conversation,
            ConversationId = state.Id,
            Seq = state.LastSeq,
            SenderId = submission.SenderId,
            BizCode = submission.BizCode,
            Data = submission.Data,
            Time = submission.Time,
        };
    }

    /// <summary>After the commit.</summary>
    public void Complete(Submission submission)
    {
        if (submission is { IsDuplicate: false, Stored: { Conversation.IsRoom: true } stored })
            recent.Add(stored);
        _done.Add(submission);
    }

    /// <summary>After a transaction that failed.</summary>
    public void Fail(Submission submission, Exception failure)
    {
        BeginAnew(submission);
        submission.Failure = failure is SqliteException { SqliteErrorCode: raw.SQLITE_FULL } ? NoSpace : failure;
        _done.Add(submission);
    }

    public void Committing(SqliteConnection connection)
    {
        foreach (var (key, state) in _dirty)
            state.Save(key, _statements!, unread, connection);
    }

    public void Committed()
    {
        // From now on readers see the seqs.
        foreach (var (_, state) in _dirty)
            state.Commit();
        _dirty.Clear();
    }

    public void RolledBack()
    {
        _dirty.Clear();
        unread.Forget();
        conversations.Forget();
    }

    public void BatchDone()
    {
        if (_done.Count == 0)
            return;
        sink.Told(CollectionsMarshal.AsSpan(_done));
        _done.Clear();
    }

    public void Stopped() => sink.Closed();

    public void Dispose() => _statements?.Dispose();

    /// <summary>Nothing of a try that was rolled back counts: not even that its conversation had ended, for the end may have been in it.</summary>
    private static void BeginAnew(Submission submission) =>
        (submission.Stored, submission.Failure, submission.IsDuplicate, submission.IsTooLate) = (null, null, false, false);

    /// <summary>The conversation has ended; what was said before its end is receipted again all the same.</summary>
    private static void Refuse(Submission submission, ConversationState state, SqliteConnection connection)
    {
        submission.Stored = submission.ClientMsgId is null ? null : MessageRows.First(connection, state.Id, submission);
        submission.IsDuplicate = submission.Stored is not null;
        submission.IsTooLate = submission.Stored is null;
    }

    private ConversationState Resolve(ConversationKey key, AppendStatements statements)
    {
        if (conversations.FindWritten(key) is { } known)
            return known;
        if (conversations.IsFull && _dirty.Count == 0)
            conversations.Forget();
        var state = statements.Find(key) ?? statements.Create(key);
        conversations.Add(key, state);
        return state;
    }
}
