using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage;

/// <summary>What the log knows of a conversation without asking the database.</summary>
internal sealed class ConversationState(long id, long lastSeq, bool isClosed = false)
{
    private long _committedSeq = lastSeq;
    private long _seqForLow;
    private long _seqForHigh;

    public long Id { get; } = id;

    /// <summary>The newest seq given out, committed or not; the writer's alone.</summary>
    public long LastSeq { get; private set; } = lastSeq;

    /// <summary>Whether <see cref="LastSeq"/> moved in the transaction under way; the writer's alone.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Whether its last message ended it; the writer's alone.</summary>
    public bool IsClosed { get; private set; } = isClosed;

    /// <summary>The newest seq on disk; read by anybody.</summary>
    public long CommittedSeq => Volatile.Read(ref _committedSeq);

    /// <summary>Takes the next seq, which was stored for the other one of a one-to-one conversation.</summary>
    public void Take(AppendRequest request)
    {
        LastSeq++;
        IsClosed = request.Closes;
        IsDirty = true;
        if (request.Conversation.IsRoom)
            return;
        if (request.SenderId == request.Conversation.Low)
            _seqForHigh = LastSeq;
        else
            _seqForLow = LastSeq;
    }

    /// <summary>Writes what the transaction under way changed: once, however many messages it has.</summary>
    public void Save(ConversationKey key, AppendStatements statements)
    {
        statements.SaveSeq(this);
        if (_seqForLow > 0)
            statements.SaveUnread(key.AppId, key.Low, Id, _seqForLow);
        if (_seqForHigh > 0)
            statements.SaveUnread(key.AppId, key.High, Id, _seqForHigh);
    }

    public void Commit()
    {
        IsDirty = false;
        (_seqForLow, _seqForHigh) = (0, 0);
        Volatile.Write(ref _committedSeq, LastSeq);
    }
}
