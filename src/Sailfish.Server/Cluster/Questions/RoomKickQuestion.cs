using Sailfish.Server.Rooms;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>Removes a user who is in a room on this node. The number is the milliseconds of his ban, 0 for none.</summary>
internal sealed class RoomKickQuestion(RoomExits exits, RoomRestrictions restrictions) : INodeQuestion
{
    public byte Type => QuestionTypes.RoomKick;

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        var (room, userId, milliseconds) = RoomQuestion.Read(question.Span);
        TimeSpan? ban = milliseconds > 0 ? TimeSpan.FromMilliseconds(milliseconds) : null;
        // First: who comes back at once is refused, and does not have to wait for the feed of changes for that.
        if (ban is { } duration)
            restrictions.Learn(new RestrictionKey(room.AppId, room.RoomId, userId, RestrictionKind.Banned), duration);
        return ValueTask.FromResult(Numbers.ToBytes(exits.Remove(room, userId, ban)));
    }
}
