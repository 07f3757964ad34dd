namespace Sailfish.Server.Messaging;

/// <summary>
/// Hears what became of what was handed to the log. It is called on the log's own thread, by one call at a time, and must
/// not throw.
/// </summary>
internal interface ISubmissionSink
{
    /// <summary>
    /// Submissions after their commit (or failure), each once, in the order of their seqs within a conversation. What was
    /// stored can be read by now. One that was told as failed, for it was not known to be stored, may come once more as
    /// another that is (<see cref="Submission.Again"/>). May wait: then the log does, and those who append to it.
    /// </summary>
    void Told(ReadOnlySpan<Submission> submissions);

    /// <summary>The log is closed: no more come.</summary>
    void Closed();
}
