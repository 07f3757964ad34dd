namespace Sailfish.Server.Cluster;

/// <summary>Answers questions of other nodes.</summary>
internal interface ICallHandler
{
    /// <summary>
    /// Several at a time. Who asked waits for half a second; what is thrown tells it that there is no answer, and what is larger than
    /// the bus carries too.
    /// </summary>
    /// <param name="source">The generation of the node that asks.</param>
    /// <param name="question">What it asks.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    ValueTask<ReadOnlyMemory<byte>> AnswerAsync(long source, ReadOnlyMemory<byte> question, CancellationToken cancellationToken);
}
