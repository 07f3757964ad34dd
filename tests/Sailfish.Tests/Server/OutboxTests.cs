using System.IO.Pipelines;
using Sailfish.Server.Gateway;

namespace Sailfish.Tests.Server;

public sealed class OutboxTests
{
    [Fact]
    public void A_flush_that_the_socket_takes_at_once_tells_whoever_waits_for_room()
    {
        var pipe = new Pipe();
        var outbox = new Outbox(pipe.Writer, 100, false, TimeProvider.System);
        var told = 0;
        lock (outbox)
        {
            outbox.Append(new byte[90]);
            Assert.False(outbox.HasRoom(90));
            outbox.Drained = () => told++;
            outbox.Flush();
        }

        Assert.Equal(1, told);
    }

    [Fact]
    public void What_is_appended_when_room_is_told_goes_out_too()
    {
        var pipe = new Pipe();
        var outbox = new Outbox(pipe.Writer, 100, false, TimeProvider.System);
        lock (outbox)
        {
            outbox.Append(new byte[90]);
            outbox.Drained = () =>
            {
                outbox.Drained = null;
                outbox.Append(new byte[5]);
            };
            outbox.Flush();
        }

        Assert.True(pipe.Reader.TryRead(out var read));
        Assert.Equal(95, read.Buffer.Length);
        Assert.Equal(0, outbox.WaitingBytes);
    }

    [Fact]
    public async Task A_peer_that_is_gone_leaves_no_outbox_crowded()
    {
        // Whoever waits for the outbox to drain would wait for ever.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 50, resumeWriterThreshold: 10));
        var outbox = new Outbox(pipe.Writer, 100, false, TimeProvider.System);
        outbox.Send(new byte[60]);
        outbox.Send(new byte[80]);
        Assert.True(outbox.IsCrowded);
        var drained = outbox.WhenDrainedAsync();
        Assert.False(drained.IsCompleted);
        await pipe.Reader.CompleteAsync();
        await drained.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.False(outbox.IsCrowded);
    }
}
