using System.Collections.Concurrent;
using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage;

/// <summary>
/// The message log on SQLite. Seqs are given out by the writer's thread, so they have no gap: a transaction that fails
/// takes its seqs back by forgetting what was cached.
/// </summary>
internal sealed class SqliteMessageLog : IMessageLog, IDisposable
{
    /// <summary>Conversations kept in memory before all are forgotten; about 150 bytes each.</summary>
    private const int MaxCached = 200_000;

    private readonly SqliteDatabase _database;
    private readonly SqliteWriter _writer;
    private readonly ConcurrentDictionary<ConversationKey, ConversationState> _cache = new();
    private readonly SeenSeqs _seen = new(MaxCached);
    private readonly RecentMessages _recent;
    private readonly List<ConversationState> _dirty = [];
    private readonly Channel<AppendRequest> _completed;
    private AppendStatements? _statements;

    /// <summary>In the channel, and not told yet.</summary>
    private int _untold;

    public SqliteMessageLog(SqliteDatabase database, SqliteWriter writer, RecentMessages recent, IOptions<StorageOptions> options)
    {
        _database = database;
        _writer = writer;
        _recent = recent;
        _completed = Channel.CreateBounded<AppendRequest>(new BoundedChannelOptions(options.Value.QueueLength) { SingleReader = true, SingleWriter = true });
        writer.BeforeCommit = SaveSeqs;
        writer.RolledBack = Forget;
        writer.BatchDone = TellCompleted;
        writer.Stopped = () =>
        {
            _completed.Writer.TryComplete();
            OnCompleted?.Invoke(0);
        };
    }

    public ChannelReader<AppendRequest> Completed => _completed.Reader;

    public Action<int>? OnCompleted { get; set; }

    public ValueTask AppendAsync(AppendRequest request, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(new AppendJob(this, request), cancellationToken);

    public async ValueTask<long> NewestSeqAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(key, out var state))
            return state.CommittedSeq;
        if (_seen.TryFind(key, out var seen))
            return seen;
        var era = _seen.Era;
        await using var connection = await _database.OpenReaderAsync();
        var newest = await connection.ExecuteScalarAsync<long?>(
            "SELECT last_seq FROM conversation WHERE app_id = @AppId AND kind = @Kind AND low = @Low AND high = @High", key) ?? 0;
        _seen.Note(key, era, newest);
        return newest;
    }

    public async ValueTask<IReadOnlyList<StoredMessage>> ReadAsync(ConversationKey key, long after, int limit, CancellationToken cancellationToken)
    {
        // Only what reaches the limit or the newest: the last commit's may not be in memory yet.
        if (key.IsRoom && _recent.TryRead(key, after, limit, out var recent)
            && (recent.Count == limit || (_cache.TryGetValue(key, out var state) && recent[^1].Seq >= state.CommittedSeq)))
            return recent;
        await using var connection = await _database.OpenReaderAsync();
        var rows = await connection.QueryAsync<MessageRow>(
            """
            SELECT m.conversation_id AS ConversationId, m.seq AS Seq, m.sender_id AS SenderId, m.biz_code AS BizCode, m.data AS Data, m.created_at AS Time
            FROM conversation c JOIN message m ON m.conversation_id = c.id
            WHERE c.app_id = @AppId AND c.kind = @Kind AND c.low = @Low AND c.high = @High AND m.seq > @after
            ORDER BY m.seq LIMIT @limit
            """,
            new { key.AppId, key.Kind, key.Low, key.High, after, limit });
        return [.. rows.Select(r => r.ToMessage(key))];
    }

    public async ValueTask<ConversationRow?> FindConversationAsync(long conversationId, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenReaderAsync();
        var row = await connection.QuerySingleOrDefaultAsync<StoredConversation>(
            "SELECT id AS Id, app_id AS AppId, kind AS Kind, low AS Low, high AS High, last_seq AS LastSeq, 0 AS AckedSeq FROM conversation WHERE id = @conversationId",
            new { conversationId });
        return row?.ToRow();
    }

    public async ValueTask<ConversationRow?> FindConversationAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(key, out var state))
            return new ConversationRow(state.Id, key, state.CommittedSeq, 0);
        await using var connection = await _database.OpenReaderAsync();
        var row = await connection.QuerySingleOrDefaultAsync<StoredConversation>(
            "SELECT id AS Id, app_id AS AppId, kind AS Kind, low AS Low, high AS High, last_seq AS LastSeq, 0 AS AckedSeq FROM conversation WHERE app_id = @AppId AND kind = @Kind AND low = @Low AND high = @High",
            key);
        return row?.ToRow();
    }

    public async ValueTask<IReadOnlyList<ConversationRow>> ListBehindAsync(long appId, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenReaderAsync();
        var rows = await connection.QueryAsync<StoredConversation>(
            """
            SELECT c.id AS Id, c.app_id AS AppId, c.kind AS Kind, c.low AS Low, c.high AS High, c.last_seq AS LastSeq, coalesce(p.acked_seq, 0) AS AckedSeq
            FROM (
              SELECT * FROM conversation WHERE app_id = @appId AND kind = 0 AND low = @userId
              UNION ALL
              SELECT * FROM conversation WHERE app_id = @appId AND kind = 0 AND high = @userId AND low <> @userId
            ) c LEFT JOIN position p ON p.conversation_id = c.id AND p.user_id = @userId
            WHERE c.last_seq > coalesce(p.acked_seq, 0)
            ORDER BY c.id
            """,
            new { appId, userId });
        return [.. rows.Select(r => r.ToRow())];
    }

    public void Dispose() => _statements?.Dispose();

    /// <summary>Appends a message together with what <paramref name="also"/> writes: both are stored, or neither.</summary>
    public ValueTask AppendAsync(AppendRequest request, Action<SqliteConnection, SqliteTransaction> also) =>
        _writer.EnqueueAsync(new AppendJob(this, request, also));

    private void Append(AppendRequest request, SqliteConnection connection, SqliteTransaction transaction)
    {
        var statements = _statements ??= new AppendStatements(connection);
        var state = Resolve(request.Conversation, statements);
        request.IsTooLate = false;
        if (state.IsClosed)
        {
            Refuse(request, connection, transaction);
            return;
        }

        var seq = state.LastSeq + 1;
        request.IsDuplicate = !statements.TryInsert(request, state.Id, seq);
        if (request.IsDuplicate)
        {
            request.Stored = FindFirst(request, connection, transaction);
            return;
        }

        state.LastSeq = seq;
        state.IsClosed = request.Closes;
        if (!state.IsDirty)
        {
            state.IsDirty = true;
            _dirty.Add(state);
        }

        request.Stored = new StoredMessage
        {
            Conversation = request.Conversation,
            ConversationId = state.Id,
            Seq = seq,
            SenderId = request.SenderId,
            BizCode = request.BizCode,
            Data = request.Data,
            Time = request.Time,
        };
    }

    /// <summary>The conversation has ended; what was said before its end is receipted again all the same.</summary>
    private static void Refuse(AppendRequest request, SqliteConnection connection, SqliteTransaction transaction)
    {
        request.Stored = request.ClientMsgId is null ? null : FindFirst(request, connection, transaction);
        request.IsDuplicate = request.Stored is not null;
        request.IsTooLate = request.Stored is null;
    }

    private ConversationState Resolve(ConversationKey key, AppendStatements statements)
    {
        if (_cache.TryGetValue(key, out var state))
            return state;
        if (_cache.Count >= MaxCached && _dirty.Count == 0)
            ForgetConversations();
        state = statements.FindOrCreate(key);
        _cache[key] = state;
        return state;
    }

    private void SaveSeqs(SqliteConnection connection, SqliteTransaction transaction)
    {
        foreach (var state in _dirty)
            _statements!.SaveSeq(state);
    }

    /// <summary>After the commit: readers may see the seqs, and deliveries begin.</summary>
    private void Complete(AppendRequest request)
    {
        foreach (var state in _dirty)
        {
            state.IsDirty = false;
            state.Commit(state.LastSeq);
        }

        _dirty.Clear();
        if (request is { IsDuplicate: false, Stored: { Conversation.IsRoom: true } stored })
            _recent.Add(stored);
        Publish(request);
    }

    private void Fail(AppendRequest request, Exception failure)
    {
        request.Stored = null;
        request.Failure = failure;
        Publish(request);
    }

    private void Publish(AppendRequest request)
    {
        if (!_completed.Writer.TryWrite(request))
        {
            // Full: deliveries are behind. The writer waits, then its queue fills, then senders are not read from.
            TellCompleted();
            _completed.Writer.WriteAsync(request).AsTask().GetAwaiter().GetResult();
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
        ForgetConversations();
    }

    private void ForgetConversations()
    {
        _seen.EndEra();
        _cache.Clear();
    }

    /// <summary>The message that was stored with the request's key; null when there is none.</summary>
    private static StoredMessage? FindFirst(AppendRequest request, SqliteConnection connection, SqliteTransaction transaction)
    {
        var row = connection.QuerySingleOrDefault<FirstMessage>(
            """
            SELECT m.conversation_id AS ConversationId, m.seq AS Seq, m.sender_id AS SenderId, m.biz_code AS BizCode, m.data AS Data, m.created_at AS Time,
                   c.kind AS Kind, c.low AS Low, c.high AS High
            FROM message m JOIN conversation c ON c.id = m.conversation_id
            WHERE m.app_id = @AppId AND m.sender_id = @SenderId AND m.client_msg_id = @ClientMsgId
            """,
            new { request.Conversation.AppId, request.SenderId, request.ClientMsgId },
            transaction);
        return row?.ToMessage(new ConversationKey(request.Conversation.AppId, (ConversationKind)row.Kind, row.Low, row.High));
    }

    private sealed class AppendJob(SqliteMessageLog log, AppendRequest request, Action<SqliteConnection, SqliteTransaction>? also = null) : WriteJob
    {
        public override void Execute(SqliteConnection connection, SqliteTransaction transaction)
        {
            also?.Invoke(connection, transaction);
            log.Append(request, connection, transaction);
        }

        public override void Committed() => log.Complete(request);

        public override void Failed(Exception failure) => log.Fail(request, failure);
    }

    private record MessageRow
    {
        public long ConversationId { get; init; }

        public long Seq { get; init; }

        public long SenderId { get; init; }

        public long BizCode { get; init; }

        public string Data { get; init; } = "";

        public long Time { get; init; }

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

    private sealed record FirstMessage : MessageRow
    {
        public long Kind { get; init; }

        public long Low { get; init; }

        public long High { get; init; }
    }

    private sealed record StoredConversation
    {
        public long Id { get; init; }

        public long AppId { get; init; }

        public long Kind { get; init; }

        public long Low { get; init; }

        public long High { get; init; }

        public long LastSeq { get; init; }

        public long AckedSeq { get; init; }

        public ConversationRow ToRow() => new(Id, new ConversationKey(AppId, (ConversationKind)Kind, Low, High), LastSeq, AckedSeq);
    }
}
