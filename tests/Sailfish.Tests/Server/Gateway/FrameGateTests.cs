using Sailfish.Server.Gateway;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Gateway;

public sealed class FrameGateTests
{
    [Fact]
    public async Task After_a_turn_the_connection_goes_on_in_the_pool_and_not_in_the_thread_of_events()
    {
        var time = new FakeTimeProvider();
        var gate = new FrameGate(new GatewayMetrics(Fakes.Meters, new ConnectionTable(Fakes.Lease)), time);
        var connection = Fakes.Session(10001, time).Connection;
        var left = new TaskCompletionSource<int>();
        // As the thread of events does it, which is none of the pool's: frame after frame, of what does not count for the pace.
        new Thread(() => _ = TakeAsync()).Start();
        Assert.InRange(await left.Task, 64, 256);

        async Task TakeAsync()
        {
            var (events, frames) = (Thread.CurrentThread, 0);
            do
                await gate.PassAsync(connection, 0);
            while (++frames < 10_000 && Thread.CurrentThread == events);
            left.SetResult(frames);
        }
    }
}
