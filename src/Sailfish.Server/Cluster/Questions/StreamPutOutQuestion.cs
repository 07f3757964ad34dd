using Sailfish.Server.Conversations;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>Ends the answers of a user who watches a room's stream here, and was put out of the room.</summary>
internal sealed class StreamPutOutQuestion(StreamTable streams) : INodeQuestion
{
    public byte Type => QuestionTypes.StreamPutOut;

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        var (room, userId, _) = RoomQuestion.Read(question.Span);
        streams.PutOut(room, new UserKey(room.AppId, userId));
        return ValueTask.FromResult(Numbers.ToBytes(true));
    }
}
