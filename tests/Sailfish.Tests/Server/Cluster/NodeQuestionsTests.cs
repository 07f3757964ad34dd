using Sailfish.Server.Cluster;

namespace Sailfish.Tests.Server.Cluster;

public sealed class NodeQuestionsTests
{
    [Fact]
    public async Task A_question_comes_to_whoever_answers_its_type()
    {
        var buses = new LocalBuses();
        var questions = new NodeQuestions([new Adding(1, 1), new Adding(2, 100)]);
        await using LinkedNode one = new(buses, 1), two = new(buses, 2);
        two.Traffic.Answer = (question, stop) => questions.AnswerAsync(1, question, stop);
        one.Link.Start();
        two.Link.Start();
        var node = new ClusterNode { Link = one.Link };
        Assert.Equal([105], Assert.Single(await node.AskAsync([2], 2, new byte[] { 5 }, CancellationToken.None)).Payload.ToArray());
        // Of a newer version, which hears at once that there is no answer.
        Assert.Empty(await node.AskAsync([2], 3, new byte[] { 5 }, CancellationToken.None));
        node.Link = null;
        Assert.Empty(await node.AskAsync([2], 2, new byte[] { 5 }, CancellationToken.None));
    }

    [Fact]
    public async Task A_question_of_nothing_has_no_answer() => await Assert.ThrowsAsync<NotSupportedException>(
        async () => await new NodeQuestions([]).AnswerAsync(1, ReadOnlyMemory<byte>.Empty, CancellationToken.None));

    private sealed class Adding(byte type, byte number) : INodeQuestion
    {
        public byte Type => type;

        public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> question, CancellationToken cancellationToken) =>
            new((byte[])[(byte)(question.Span[0] + number)]);
    }
}
