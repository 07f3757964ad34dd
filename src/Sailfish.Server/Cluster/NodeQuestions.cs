using System.Collections.Frozen;

namespace Sailfish.Server.Cluster;

/// <summary>Finds who answers a question: its first byte is its type, the others are its words. One that only a newer version knows gets no answer.</summary>
internal sealed class NodeQuestions(IEnumerable<INodeQuestion> questions) : ICallHandler
{
    private readonly FrozenDictionary<byte, INodeQuestion> _questions = questions.ToFrozenDictionary(question => question.Type);

    public static ReadOnlyMemory<byte> Write(byte type, ReadOnlySpan<byte> question) => (byte[])[type, .. question];

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(long source, ReadOnlyMemory<byte> question, CancellationToken cancellationToken) =>
        question.Length > 0 && _questions.TryGetValue(question.Span[0], out var answerer)
            ? answerer.AnswerAsync(question[1..], cancellationToken)
            : throw new NotSupportedException($"Nobody here answers such a question of {question.Length} bytes.");
}
