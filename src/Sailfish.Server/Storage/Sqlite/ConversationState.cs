using Microsoft.Data.Sqlite;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage.Sqlite;

/// <summary>What the log knows of a conversation without asking the database.</summary>
internal sealed class ConversationState(long id, long lastSeq, bool isClosed = false)
{
    private long _committedSeq = lastSeq;

    public long Id { get; } = id;

    /// <summary>The newest seq given out, committed or not; the writer's alone.</summary>
    public long LastSeq { get; private set; } = lastSeq;

    /// <summary>Whether <see cref="LastSeq"/> moved in the transaction under way; the writer's alone.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>The newest seq of the transaction under way that is for the lower of the two; 0 when none is.</summary>
    public long SeqForLow { get; private set; }

    /// <summary>Likewise for the higher one.</summary>
    public long SeqForHigh { get; private set; }

    /// <summary>Whether its last message ended it; the writer's alone.</summary>
    public bool IsClosed { get; private set; } = isClosed;

    /// <summary>The newest seq on disk; read by anybody.</summary>
    public long CommittedSeq => Volatile.Read(ref _committedSeq);

    /// <summary>Takes the next seq, which was stored for the other one of a one-to-one conversation.</summary>
    public void Take(Submission submission)
    {
        LastSeq++;
        IsClosed = submission.Closes;
        IsDirty = true;
        if (submission.Conversation.IsRoom)
            return;
        if (submission.SenderId == submission.Conversation.Low)
            SeqForHigh = LastSeq;
        else
            SeqForLow = LastSeq;
    }

    /// <summary>Writes what the transaction under way changed: once, however many messages it has.</summary>
    public void Save(ConversationKey key, AppendStatements statements, UnreadRows unread, SqliteConnection connection)
    {
        statements.SaveSeq(this);
        if (SeqForLow > 0)
            unread.Add(connection, key.AppId, key.Low, Id);
        if (SeqForHigh > 0)
            unread.Add(connection, key.AppId, key.High, Id);
    }

    public void Commit()
    {
        IsDirty = false;
        (SeqForLow, SeqForHigh) = (0, 0);
        Volatile.Write(ref _committedSeq, LastSeq);
    }
}
