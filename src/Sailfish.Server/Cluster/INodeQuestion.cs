namespace Sailfish.Server.Cluster;

/// <summary>One kind of question that nodes ask each other.</summary>
internal interface INodeQuestion
{
    /// <summary>
    /// Its number. Nodes of different versions ask each other: none ever gets another meaning, and a question whose words change
    /// gets another number. 0 is none.
    /// </summary>
    byte Type { get; }

    /// <summary>Several at a time, as <see cref="ICallHandler.AnswerAsync"/>.</summary>
    ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken);
}
