using Sailfish.Server.Rooms;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>Users who are in a room on this node, in the order of their ids. The number is how many are asked for at most.</summary>
internal sealed class RoomUsersQuestion(RoomTable rooms) : INodeQuestion
{
    /// <summary>A page of the server API, and the one behind it.</summary>
    private const int Most = 1001;

    public byte Type => QuestionTypes.RoomUsers;

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        var (room, above, count) = RoomQuestion.Read(question.Span);
        var users = rooms.Find(room)?.Users(above, (int)Math.Clamp(count, 0, Most)) ?? [];
        return ValueTask.FromResult(Numbers.ToBytes([.. users]));
    }
}
