using Sailfish.Server.Rooms;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>Whether a user is in a room on this node.</summary>
internal sealed class RoomHasUserQuestion(RoomTable rooms) : INodeQuestion
{
    public byte Type => QuestionTypes.RoomHasUser;

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        var (room, userId, _) = RoomQuestion.Read(question.Span);
        return ValueTask.FromResult(Numbers.ToBytes(rooms.Find(room)?.HasUser(userId) == true));
    }
}
