namespace Sailfish.Server.Storage;

/// <summary>What the log knows of a conversation without asking the database.</summary>
internal sealed class ConversationState(long id, long lastSeq, bool isClosed = false)
{
    private long _committedSeq = lastSeq;

    public long Id { get; } = id;

    /// <summary>The newest seq given out, committed or not; the writer's alone.</summary>
    public long LastSeq { get; set; } = lastSeq;

    /// <summary>Whether <see cref="LastSeq"/> moved in the transaction under way; the writer's alone.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Whether its last message ended it; the writer's alone.</summary>
    public bool IsClosed { get; set; } = isClosed;

    /// <summary>The newest seq on disk; read by anybody.</summary>
    public long CommittedSeq => Volatile.Read(ref _committedSeq);

    public void Commit(long seq) => Volatile.Write(ref _committedSeq, Math.Max(seq, _committedSeq));
}
