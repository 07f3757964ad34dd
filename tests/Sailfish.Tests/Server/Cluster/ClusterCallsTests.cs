using System.Diagnostics;
using System.Text;
using Sailfish.Server.Cluster;

namespace Sailfish.Tests.Server.Cluster;

public sealed class ClusterCallsTests : IAsyncDisposable
{
    private static readonly byte[] Question = "who is there?"u8.ToArray();

    private readonly LocalBuses _buses = new();
    private readonly Dictionary<long, LinkedNode> _nodes;

    public ClusterCallsTests()
    {
        _nodes = new[] { 1L, 2L, 3L }.ToDictionary(generation => generation, generation => new LinkedNode(_buses, generation));
        foreach (var node in _nodes.Values)
            node.Link.Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Each_node_that_is_asked_answers_and_the_asker_waits_no_longer()
    {
        _nodes[2].Traffic.Answer = (question, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>((byte[])[.. "2:"u8, .. question.Span]);
        _nodes[3].Traffic.Answer = (_, _) => ValueTask.FromResult(ReadOnlyMemory<byte>.Empty);
        var answers = await AskAsync(2, 3);
        Assert.Equal([(2, "2:who is there?"), (3, "")], answers);
    }

    [Fact]
    public async Task Who_does_not_answer_in_half_a_second_is_left_out()
    {
        var cancelled = new TaskCompletionSource();
        _nodes[3].Traffic.Answer = async (_, cancellationToken) =>
        {
            cancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            return default;
        };
        var started = Stopwatch.GetTimestamp();
        Assert.Equal([(2, "who is there?")], await AskAsync(2, 3));
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(450));
        await cancelled.Task.WaitAsync(Wait.Limit);
    }

    [Fact]
    public async Task Who_cannot_answer_is_not_waited_for()
    {
        _nodes[2].Traffic.Answer = (_, _) => throw new InvalidOperationException("no");
        // Larger than a frame.
        _nodes[3].Traffic.Answer = (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(new byte[1024 * 1024]);
        Assert.Empty(await AskAsync(2, 3).WaitAsync(ClusterCalls.Limit * 0.9));
    }

    [Fact]
    public async Task A_node_that_is_no_more_costs_half_a_second_and_no_answer()
    {
        Assert.Equal([(2, "who is there?")], await AskAsync(2, 99));
        Assert.Empty(await AskAsync());
    }

    [Fact]
    public async Task Many_questions_at_once_get_each_their_own_answer()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var answers = await _nodes[1].Link.Calls.AskAsync([2, 3], Encoding.ASCII.GetBytes($"{i}"), CancellationToken.None);
            Assert.Equal([$"{i}", $"{i}"], answers.Select(answer => Encoding.ASCII.GetString(answer.Payload.Span)));
        }));
    }

    [Fact]
    public async Task Of_more_questions_than_may_wait_the_rest_get_no_answer_at_once()
    {
        _buses.Loses = (_, _) => true;
        var waiting = Enumerable.Range(0, PendingCalls.Most).Select(_ => AskAsync(2)).ToList();
        var beyond = AskAsync(2);
        Assert.True(beyond.IsCompletedSuccessfully);
        Assert.All(waiting, asked => Assert.False(asked.IsCompleted));
        await Task.WhenAll(waiting);
        _buses.Loses = (_, _) => false;
        Assert.Single(await AskAsync(2));
    }

    [Fact]
    public async Task An_asker_who_goes_waits_no_longer()
    {
        _buses.Loses = (_, _) => true;
        using var gone = new CancellationTokenSource();
        var asked = _nodes[1].Link.Calls.AskAsync([2], Question, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    private async Task<IEnumerable<(long, string)>> AskAsync(params long[] nodes)
    {
        var answers = await _nodes[1].Link.Calls.AskAsync(nodes, Question, CancellationToken.None);
        return answers.OrderBy(answer => answer.Node).Select(answer => (answer.Node, Encoding.ASCII.GetString(answer.Payload.Span)));
    }
}
