using Sailfish.Server.Media.Sharing;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>Ends a room's stream that comes in through this node.</summary>
internal sealed class StreamStopQuestion(StreamOffice office) : INodeQuestion
{
    public byte Type => QuestionTypes.StreamStop;

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Numbers.ToBytes(office.TryStopHere(RoomQuestion.Read(question.Span).Room)));
}
