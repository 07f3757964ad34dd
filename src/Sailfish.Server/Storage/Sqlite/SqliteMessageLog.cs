using System.Collections.Concurrent;
using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using SQLitePCL;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// The message log on SQLite. Seqs are given out by the writer's thread, so they have no gap: a transaction that fails
/// takes its seqs back by forgetting what was cached.
/// </summary>
internal sealed class SqliteMessageLog : IMessageLog, IMessageHistory, IDisposable
{
    /// <summary>Conversations kept in memory before all are forgotten; about 150 bytes each.</summary>
    private const int MaxCached = 200_000;

    private const string Select = "SELECT id AS Id, app_id AS AppId, kind AS Kind, low AS Low, high AS High, last_seq AS LastSeq FROM conversation ";

    /// <summary>More than the settings allow for came at once.</summary>
    private static readonly StorageFullException NoSpace = new("the disk is full, or the database (Sailfish:Storage:MinFreeMiB, Sailfish:Storage:MaxSizeMiB)");

    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;
    private readonly ConcurrentDictionary<ConversationKey, ConversationState> _cache = new();
    private readonly SeenConversations _seen = new(MaxCached);
    private readonly ConversationIds _ids = new(MaxCached);
    private readonly RecentMessages _recent;
    private readonly MessageSpace _space;
    private readonly UnreadRows _unread;
    private readonly List<(ConversationKey Key, ConversationState State)> _dirty = [];
    private readonly Channel<Submission> _completed;
    private AppendStatements? _statements;

    /// <summary>In the channel, and not told yet.</summary>
    private int _untold;

    public SqliteMessageLog(SqliteDatabase database, SqliteWriter writer, RecentMessages recent, MessageSpace space, UnreadRows unread, IOptions<StorageOptions> options)
    {
        _database = database;
        _writer = writer;
        _recent = recent;
        _space = space;
        _unread = unread;
        _ids.Raise(NewestId());
        _completed = Channel.CreateBounded<Submission>(new BoundedChannelOptions(options.Value.QueueLength) { SingleReader = true, SingleWriter = true });
        writer.BeforeCommit = SaveChanges;
        writer.RolledBack = Forget;
        writer.BatchDone = TellCompleted;
        writer.Stopped = () =>
        {
            _completed.Writer.TryComplete();
            OnCompleted?.Invoke(0);
        };
    }

    public ChannelReader<Submission> Completed => _completed.Reader;

    public Action<int>? OnCompleted { get; set; }

    public ValueTask AppendAsync(Submission submission, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(new AppendJob(this, submission), cancellationToken);

    public async ValueTask<long> NewestSeqAsync(ConversationKey key, CancellationToken cancellationToken) =>
        _cache.TryGetValue(key, out var state) ? state.CommittedSeq : (await FindConversationAsync(key, cancellationToken))?.LastSeq ?? 0;

    public async ValueTask<MessagePage> ReadAsync(ConversationKey key, long after, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        if (key.IsRoom && _cache.TryGetValue(key, out var state)
            && _recent.TryRead(key, after, maxCount, maxBytes, state.CommittedSeq) is { } recent)
            return recent;
        await using var connection = await _database.OpenReaderAsync();
        return MessageRows.After(connection, key, after, maxCount, maxBytes);
    }

    public async ValueTask<long> FindStartAsync(ConversationKey key, long newest, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        if (key.IsRoom && _recent.TryFindStart(key, newest, maxCount, maxBytes) is { } recent)
            return recent;
        await using var connection = await _database.OpenReaderAsync();
        return MessageRows.FindStart(connection, key, newest, maxCount, maxBytes);
    }

    public async ValueTask<ConversationRow?> FindConversationAsync(long conversationId, CancellationToken cancellationToken)
    {
        if (!_ids.CanExist(conversationId))
            return null;
        if (!_ids.TryFind(conversationId, out var key))
        {
            await using var connection = await _database.OpenReaderAsync();
            var row = await connection.QuerySingleOrDefaultAsync<StoredConversation>(Select + "WHERE id = @conversationId", new { conversationId });
            if (row is null)
                return null;
            key = row.Key;
            _ids.Note(conversationId, key);
        }

        return await FindConversationAsync(key, cancellationToken);
    }

    public async ValueTask<ConversationRow?> FindConversationAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(key, out var state))
            return new ConversationRow(state.Id, key, state.CommittedSeq);
        if (_seen.TryFind(key, out var seen))
            return seen;
        var era = _seen.Era;
        await using var connection = await _database.OpenReaderAsync();
        var stored = await connection.QuerySingleOrDefaultAsync<StoredConversation>(
            Select + "WHERE app_id = @AppId AND kind = @Kind AND low = @Low AND high = @High", key);
        var row = stored is null ? null : new ConversationRow(stored.Id, key, stored.LastSeq);
        _seen.Note(key, era, row);
        return row;
    }

    public async ValueTask<IReadOnlyList<UnreadConversation>> ListUnreadAsync(long appId, long userId, long afterId, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenReaderAsync();
        var rows = await connection.QueryAsync<StoredUnread>(
            """
            SELECT u.conversation_id AS Id, c.low AS Low, c.high AS High,
                   CASE u.user_id WHEN c.low THEN c.seq_for_low ELSE c.seq_for_high END AS LastSeq, coalesce(p.acked_seq, 0) AS AckedSeq
            FROM unread u CROSS JOIN conversation c ON c.id = u.conversation_id
            LEFT JOIN position p ON p.user_id = u.user_id AND p.conversation_id = u.conversation_id
            WHERE u.app_id = @appId AND u.user_id = @userId AND u.conversation_id > @afterId
            ORDER BY u.conversation_id LIMIT @limit
            """,
            new { appId, userId, afterId, limit });
        List<UnreadConversation> unread = [.. rows.Select(r => new UnreadConversation(r.Id, ConversationKey.Direct(appId, r.Low, r.High), r.LastSeq, r.AckedSeq))];
        if (unread.Count > 0)
            _ids.Raise(unread[^1].Id);
        return unread;
    }

    public async ValueTask<MessagePage> ReadFromOthersAsync(
        UnreadConversation conversation, long userId, long from, long to, int maxCount, int maxBytes, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenReaderAsync();
        return MessageRows.FromOthers(connection, conversation, userId, (from, to), maxCount, maxBytes);
    }

    public void Dispose() => _statements?.Dispose();

    /// <summary>Appends a message together with what <paramref name="also"/> writes: both are stored, or neither.</summary>
    public ValueTask AppendAsync(Submission submission, Action<SqliteConnection> also) =>
        _writer.EnqueueAsync(new AppendJob(this, submission, also));

    private void Append(Submission submission, SqliteConnection connection)
    {
        var statements = _statements ??= new AppendStatements(connection);
        // It may be tried again, alone, after a transaction that failed for another's sake: nothing of the first try counts.
        (submission.Stored, submission.Failure, submission.IsDuplicate, submission.IsTooLate) = (null, null, false, false);
        // What ends a conversation is stored with what else it ends.
        if (!submission.Closes && _space.Refusal(submission, statements) is { } refusal && !statements.IsKnown(submission))
        {
            submission.Failure = refusal;
            return;
        }

        var state = Resolve(submission, statements);
        if (state is { IsClosed: true })
        {
            Refuse(submission, connection);
            return;
        }

        submission.IsDuplicate = state is null || !statements.TryInsert(submission, state.Id, state.LastSeq + 1);
        if (state is null || submission.IsDuplicate)
        {
            submission.Stored = FindFirst(submission, connection);
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

    /// <summary>The conversation has ended; what was said before its end is receipted again all the same.</summary>
    private static void Refuse(Submission submission, SqliteConnection connection)
    {
        submission.Stored = submission.ClientMsgId is null ? null : FindFirst(submission, connection);
        submission.IsDuplicate = submission.Stored is not null;
        submission.IsTooLate = submission.Stored is null;
    }

    private long NewestId()
    {
        using var connection = _database.OpenReader();
        return connection.ExecuteScalar<long?>("SELECT max(id) FROM conversation") ?? 0;
    }

    /// <summary>Null when the message is there already and its conversation is not: a repeat makes no conversation.</summary>
    private ConversationState? Resolve(Submission submission, AppendStatements statements)
    {
        var key = submission.Conversation;
        if (_cache.TryGetValue(key, out var state))
            return state;
        if (_cache.Count >= MaxCached && _dirty.Count == 0)
            ForgetConversations();
        state = statements.Find(key);
        if (state is null && statements.IsKnown(submission))
            return null;
        state ??= statements.Create(key);
        _ids.Raise(state.Id);
        return _cache[key] = state;
    }

    private void SaveChanges(SqliteConnection connection)
    {
        foreach (var (key, state) in _dirty)
            state.Save(key, _statements!, _unread, connection);
    }

    /// <summary>After the commit: readers may see the seqs, and deliveries begin.</summary>
    private void Complete(Submission submission)
    {
        foreach (var (_, state) in _dirty)
            state.Commit();
        _dirty.Clear();
        if (submission is { IsDuplicate: false, Stored: { Conversation.IsRoom: true } stored })
            _recent.Add(stored);
        Publish(submission);
    }

    private void Fail(Submission submission, Exception failure)
    {
        submission.Stored = null;
        submission.Failure = failure is SqliteException { SqliteErrorCode: raw.SQLITE_FULL } ? NoSpace : failure;
        Publish(submission);
    }

    private void Publish(Submission submission)
    {
        if (!_completed.Writer.TryWrite(submission))
        {
            // Full: deliveries are behind. The writer waits, then its queue fills, then senders are not read from.
            TellCompleted();
            _completed.Writer.WriteAsync(submission).AsTask().GetAwaiter().GetResult();
        }

        // Counted when it is there: whoever was told before may have ended without it.
        _untold++;
    }

    private void TellCompleted()
    {
        if (_untold == 0)
            return;
        var count = _untold;
        _untold = 0;
        OnCompleted?.Invoke(count);
    }

    private void Forget()
    {
        _dirty.Clear();
        _unread.Forget();
        ForgetConversations();
    }

    private void ForgetConversations()
    {
        _seen.EndEra();
        _cache.Clear();
    }

    /// <summary>The message that was stored with its key; null when there is none.</summary>
    private static StoredMessage? FindFirst(Submission submission, SqliteConnection connection)
    {
        var row = connection.QuerySingleOrDefault<FirstMessage>(
            """
            SELECT m.conversation_id AS ConversationId, m.seq AS Seq, m.sender_id AS SenderId, m.biz_code AS BizCode, m.data AS Data, m.created_at AS Time,
                   c.kind AS Kind, c.low AS Low, c.high AS High
            FROM message m JOIN conversation c ON c.id = m.conversation_id
            WHERE m.app_id = @AppId AND m.sender_id = @SenderId AND m.client_msg_id = @ClientMsgId
            """,
            new { submission.Conversation.AppId, submission.SenderId, submission.ClientMsgId });
        return row?.ToMessage(new ConversationKey(submission.Conversation.AppId, (ConversationKind)row.Kind, row.Low, row.High));
    }

    private sealed class AppendJob(SqliteMessageLog log, Submission submission, Action<SqliteConnection>? also = null) : WriteJob
    {
        public override void Execute(SqliteConnection connection)
        {
            also?.Invoke(connection);
            log.Append(submission, connection);
        }

        public override void Committed() => log.Complete(submission);

        public override void Failed(Exception failure) => log.Fail(submission, failure);
    }

    private sealed record FirstMessage
    {
        public long ConversationId { get; init; }

        public long Seq { get; init; }

        public long SenderId { get; init; }

        public long BizCode { get; init; }

        public string Data { get; init; } = "";

        public long Time { get; init; }

        public long Kind { get; init; }

        public long Low { get; init; }

        public long High { get; init; }

        public StoredMessage ToMessage(ConversationKey key) => new()
        {
            Conversation = key,
            ConversationId = ConversationId,
            Seq = Seq,
            SenderId = SenderId,
            BizCode = (int)BizCode,
            Data = Data,
            Time = Time,
        };
    }

    private sealed record StoredConversation
    {
        public long Id { get; init; }

        public long AppId { get; init; }

        public long Kind { get; init; }

        public long Low { get; init; }

        public long High { get; init; }

        public long LastSeq { get; init; }

        public ConversationKey Key => new(AppId, (ConversationKind)Kind, Low, High);
    }

    private sealed record StoredUnread
    {
        public long Id { get; init; }

        public long Low { get; init; }

        public long High { get; init; }

        public long LastSeq { get; init; }

        public long AckedSeq { get; init; }
    }
}
