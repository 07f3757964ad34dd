using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>Whether a user without an account is in a living room on this node, or was since it opened.</summary>
internal sealed class RoomHasSeenQuestion(RoomTable rooms, LivingTable living) : INodeQuestion
{
    public byte Type => QuestionTypes.RoomHasSeen;

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        var (room, userId, _) = RoomQuestion.Read(question.Span);
        return ValueTask.FromResult(Numbers.ToBytes(rooms.Find(room)?.HasUser(userId) == true || living.Find(room)?.HasSeen(userId) == true));
    }
}
