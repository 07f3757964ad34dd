using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server;

public sealed class InFlightGateTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Up_to_the_limit_all_pass_and_the_next_one_waits_until_one_has_left()
    {
        var gate = new InFlightGate(2);
        Assert.True(gate.EnterAsync().IsCompleted);
        Assert.True(gate.EnterAsync().IsCompleted);
        var waiting = gate.EnterAsync();
        Assert.False(waiting.IsCompleted);
        gate.Leave(1);
        await waiting.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.False(gate.EnterAsync().IsCompleted);
    }

    [Fact]
    public async Task More_waiters_than_the_limit_all_pass_in_the_end()
    {
        var gate = new InFlightGate(1);
        var passed = 0;
        var senders = Enumerable.Range(0, 50).Select(async _ =>
        {
            await gate.EnterAsync();
            Assert.Equal(1, Interlocked.Increment(ref passed) % 2);
            await Task.Yield();
            Interlocked.Increment(ref passed);
            gate.Leave(1);
        });
        await Task.WhenAll(senders).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(100, passed);
    }

    [Fact]
    public async Task Many_threads_never_have_more_inside_than_the_limit()
    {
        const int Max = 8;
        var gate = new InFlightGate(Max);
        var inside = 0;
        var most = 0;
        var senders = Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await gate.EnterAsync();
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                if (i % 7 == 0)
                    await Task.Yield();
                Interlocked.Decrement(ref inside);
                gate.Leave(1);
            }
        }));
        await Task.WhenAll(senders).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.InRange(most, 1, Max);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
