using Npgsql;
using Sailfish.Server.Messaging;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>A message that waits to be appended.</summary>
/// <param name="submission">What to append, and where its fate is noted.</param>
/// <param name="since">When it was handed over, as a timestamp.</param>
/// <param name="also">Adds what is written in the same transaction.</param>
internal sealed class WaitingAppend(Submission submission, long since, Action<NpgsqlBatch>? also = null)
{
    public Submission Submission { get; private set; } = submission;

    public long Since => since;

    public Action<NpgsqlBatch>? Also => also;

    /// <summary>What tells it apart from the sender's others in the conversation: the client's id, or one that the node made. It stays when it is tried again.</summary>
    public string? Key { get; set; }

    /// <summary>The one before it in its batch that has the same key.</summary>
    public WaitingAppend? First { get; set; }

    /// <summary>Who sent it was told that it is not known to be stored.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Gives what to tell: who sent it is not kept waiting. Should it be stored, that is told of another one.</summary>
    public Submission GiveUp(Exception failure)
    {
        var told = Submission;
        told.Failure = failure;
        Submission = told.Again();
        IsGivenUp = true;
        return told;
    }
}
