using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Sessions;

public sealed class FlushSetTests
{
    [Fact]
    public void One_that_cannot_be_flushed_keeps_nothing_from_those_behind_it_now_or_later()
    {
        var flushes = new FlushSet();
        var (broken, sound) = (new SlowTransport { Fault = new TimeZoneNotFoundException() }, new SlowTransport { IsFast = true });
        var outboxes = new[] { broken, sound }.Select(t => new Outbox(t, 1000, TimeProvider.System)).ToArray();
        for (var batch = 1; batch <= 3; batch++)
        {
            foreach (var outbox in outboxes)
                Append(flushes, outbox, (byte)batch);
            if (batch == 1)
                Assert.IsType<TimeZoneNotFoundException>(Assert.Single(Assert.Throws<AggregateException>(flushes.Flush).InnerExceptions));
            else
                flushes.Flush();
        }

        Assert.Equal([1, 2, 3], sound.Sent.ToArray());

        // Its bytes are lost, so that nothing may follow them.
        Assert.NotNull(broken.Aborted);
        Assert.Equal((0, true), (outboxes[0].WaitingBytes, outboxes[0].IsBroken));
    }

    private static void Append(FlushSet flushes, Outbox outbox, byte value)
    {
        using var scope = outbox.EnterScope();
        scope.Append([value]);
        flushes.Add(scope);
    }
}
