using Microsoft.Extensions.Options;
using Sailfish.Server.Cluster.Questions;
using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Cluster.Questions;

public sealed class RoomQuestionTests
{
    private static readonly RoomQuestion Question = new(new RoomKey(10_001, 7), 1L << 52, -1);

    [Fact]
    public void What_is_written_is_read_and_what_a_newer_node_adds_is_passed_by()
    {
        var bytes = Question.ToBytes();
        Assert.Equal(Question, RoomQuestion.Read(bytes));
        Assert.Equal(Question, RoomQuestion.Read([.. bytes, 1, 2, 3]));
        Assert.Equal([5, 1L << 52], Numbers.Read([.. Numbers.ToBytes(5, 1L << 52).Span, 1, 2]));
    }

    [Fact]
    public void What_is_too_short_is_no_question_and_no_answer()
    {
        var bytes = Question.ToBytes();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => RoomQuestion.Read(bytes.AsSpan(0, length)));
        Assert.Empty(Numbers.Read([1, 2, 3]));
        Assert.False(Numbers.IsYes([]));
        Assert.True(Numbers.IsYes(Numbers.ToBytes(true).Span));
        Assert.False(Numbers.IsYes(Numbers.ToBytes(false).Span));
    }

    [Theory]
    [InlineData(long.MaxValue, 1001)]
    [InlineData(-1, 0)]
    public async Task However_many_users_are_asked_for_a_page_is_bounded(long count, int given)
    {
        var rooms = new RoomTable(Options.Create(new RoomsOptions()));
        for (var user = 10_001; user < 12_000; user++)
            rooms.Change(Question.Room, room => room.Add(new RoomMember(Fakes.Session(user), room)));
        var answer = await new RoomUsersQuestion(rooms).AnswerAsync((Question with { UserId = 0, Number = count }).ToBytes(), CancellationToken.None);
        Assert.Equal(given, Numbers.Read(answer.Span).Length);
    }
}
