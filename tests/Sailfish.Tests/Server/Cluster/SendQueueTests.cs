using Sailfish.Server.Cluster;

namespace Sailfish.Tests.Server.Cluster;

public sealed class SendQueueTests
{
    [Fact]
    public void Where_a_frame_finds_it_full_the_oldest_one_goes()
    {
        var queue = new SendQueue(new ClusterMetrics(Fakes.Meters));
        for (var i = 1; i <= SendQueue.Capacity + 10; i++)
            queue.Add(new OutgoingFrame(i, new byte[1]));
        Assert.Equal(Enumerable.Range(11, SendQueue.Capacity).Select(i => (long)i), Taken(queue));
    }

    [Fact]
    public void What_waited_while_the_bus_went_away_is_not_sent_later()
    {
        var queue = new SendQueue(new ClusterMetrics(Fakes.Meters));
        queue.Add(new OutgoingFrame(1, new byte[1]));
        queue.Drop();
        queue.Add(new OutgoingFrame(2, new byte[1]));
        Assert.Equal([2], Taken(queue));
    }

    [Fact]
    public async Task Who_waits_is_woken_in_the_thread_that_flushes_and_else_in_another()
    {
        var queue = new SendQueue(new ClusterMetrics(Fakes.Meters));
        var here = 0;
        var waited = WaitAsync();
        queue.Add(new OutgoingFrame(1, new byte[1]), isMore: true);
        Assert.False(waited.IsCompleted);
        queue.Flush();
        Assert.Equal(Environment.CurrentManagedThreadId, here);
        Assert.True(waited.IsCompletedSuccessfully);
        Assert.True(WaitAsync().IsCompletedSuccessfully);
        Assert.Equal([1], Taken(queue));
        waited = WaitAsync();
        queue.Add(new OutgoingFrame(2, new byte[1]));
        await waited.WaitAsync(Wait.Limit);
        Assert.Equal([2], Taken(queue));

        async Task WaitAsync()
        {
            await queue.WaitAsync(CancellationToken.None);
            here = Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task Who_waits_is_woken_by_each_that_adds_at_the_same_time()
    {
        const int Count = 20_000;
        var queue = new SendQueue(new ClusterMetrics(Fakes.Meters));
        var taken = 0;
        var taking = Task.Run(async () =>
        {
            while (taken < Count)
            {
                await queue.WaitAsync(CancellationToken.None);
                while (queue.TryTake(out _))
                    Interlocked.Increment(ref taken);
            }
        });
        for (var i = 0; i < Count; i++)
        {
            // Of too many the oldest ones would go.
            Assert.True(SpinWait.SpinUntil(() => i - Volatile.Read(ref taken) < SendQueue.Capacity, Wait.Limit));
            var isMore = i % 2 == 0;
            queue.Add(new OutgoingFrame(i, new byte[1]), isMore);
            if (isMore)
                queue.Flush();
        }

        await taking.WaitAsync(Wait.Limit);
    }

    [Fact]
    public async Task Who_waits_can_be_stopped()
    {
        var queue = new SendQueue(new ClusterMetrics(Fakes.Meters));
        using var stop = new CancellationTokenSource();
        var waiting = queue.WaitAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask());
    }

    private static List<long> Taken(SendQueue queue)
    {
        List<long> nodes = [];
        while (queue.TryTake(out var frame))
            nodes.Add(frame.Node);
        return nodes;
    }
}
