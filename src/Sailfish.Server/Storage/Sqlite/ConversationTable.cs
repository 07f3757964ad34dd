using System.Collections.Concurrent;
using Dapper;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>
/// What is known of conversations without asking the database: of those that are written to, which the writer's thread adds
/// and forgets, and of those that readers looked for.
/// </summary>
internal sealed class ConversationTable
{
    /// <summary>Conversations kept in memory before all are forgotten; about 150 bytes each.</summary>
    private const int MaxKept = 200_000;

    private readonly ConcurrentDictionary<ConversationKey, ConversationState> _written = new();
    private readonly SeenConversations _seen = new(MaxKept);

    public ConversationTable(SqliteDatabase database)
    {
        using var connection = database.OpenReader();
        Ids.Raise(connection.ExecuteScalar<long?>("SELECT max(id) FROM conversation") ?? 0);
    }

    /// <summary>Which conversation a row is.</summary>
    public ConversationIds Ids { get; } = new(MaxKept);

    /// <summary>So many are kept that they should be forgotten.</summary>
    public bool IsFull => _written.Count >= MaxKept;

    /// <summary>To be read before the database is; see <see cref="SeenConversations"/>.</summary>
    public long Era => _seen.Era;

    /// <summary>A conversation that is written to.</summary>
    public ConversationState? FindWritten(ConversationKey key) => _written.GetValueOrDefault(key);

    /// <summary>Whether it is known of a conversation what the database has; null when it has none.</summary>
    public bool TryFind(ConversationKey key, out ConversationRow? row)
    {
        // In this order: what readers saw counts only while nobody writes.
        if (FindWritten(key) is not { } state)
            return _seen.TryFind(key, out row);
        row = new ConversationRow(state.Id, key, state.CommittedSeq);
        return true;
    }

    /// <summary>What a reader found in the database, or not, that it began to read in an era.</summary>
    public void Note(ConversationKey key, long era, ConversationRow? row) => _seen.Note(key, era, row);

    /// <summary>The writer's.</summary>
    public void Add(ConversationKey key, ConversationState state)
    {
        Ids.Raise(state.Id);
        _written[key] = state;
    }

    /// <summary>The writer's.</summary>
    public void Forget()
    {
        _seen.EndEra();
        _written.Clear();
    }
}
