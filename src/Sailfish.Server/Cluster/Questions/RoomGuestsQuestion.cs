using Sailfish.Server.Rooms;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>How many guests are in a room on this node.</summary>
internal sealed class RoomGuestsQuestion(RoomTable rooms) : INodeQuestion
{
    public byte Type => QuestionTypes.RoomGuests;

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken)
    {
        var (room, _, _) = RoomQuestion.Read(question.Span);
        return ValueTask.FromResult(Numbers.ToBytes(rooms.Find(room)?.Guests ?? 0));
    }
}
