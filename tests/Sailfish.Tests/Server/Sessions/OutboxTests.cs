using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;
using Sailfish.Server.Transports;

namespace Sailfish.Tests.Server.Sessions;

public sealed class OutboxTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_flush_that_the_socket_takes_at_once_tells_whoever_waits_for_room()
    {
        var pipe = new Pipe();
        var outbox = new Outbox(OverPipe(pipe), 100, TimeProvider.System);
        var watcher = new Watcher();
        using (var scope = outbox.EnterScope())
        {
            scope.Append(new byte[90]);
            Assert.False(scope.HasRoom(90));
            scope.Watch(watcher);
            scope.Flush();
        }

        Assert.Equal(1, watcher.Told);
    }

    [Fact]
    public void What_is_appended_when_room_is_told_goes_out_too()
    {
        var pipe = new Pipe();
        var outbox = new Outbox(OverPipe(pipe), 100, TimeProvider.System);
        using (var scope = outbox.EnterScope())
        {
            scope.Append(new byte[90]);
            scope.Watch(new Watcher { Answer = new byte[5] });
            scope.Flush();
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
        var outbox = new Outbox(OverPipe(pipe), 100, TimeProvider.System);
        outbox.Send(new byte[60]);
        outbox.Send(new byte[80]);
        Assert.True(outbox.IsCrowded);
        var drained = outbox.WhenDrainedAsync();
        Assert.False(drained.IsCompleted);
        await pipe.Reader.CompleteAsync();
        await drained.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.False(outbox.IsCrowded);
    }

    [Fact]
    public async Task A_reader_that_is_always_behind_is_let_on_with_each_flush()
    {
        // Pushes come as fast as the socket takes them: a flush is always under way, and more than half waits behind it.
        var transport = new SlowTransport();
        var outbox = new Outbox(transport, 100, TimeProvider.System);
        outbox.Send(new byte[90]);
        for (var flush = 0; flush < 20; flush++)
        {
            outbox.Send(new byte[90]);
            Assert.True(outbox.IsCrowded);
            var uncrowded = outbox.WhenUncrowdedAsync();
            Assert.False(uncrowded.IsCompleted);
            transport.Take();
            await uncrowded.WaitAsync(Patience, TestContext.Current.CancellationToken);
            // Behind those who are let on the next flush begins.
            await Wait.UntilAsync(() => outbox.StalledSince != 0);
        }
    }

    [Fact]
    public async Task Nobody_waits_for_an_outbox_that_is_closed()
    {
        var outbox = new Outbox(new SlowTransport(), 100, TimeProvider.System);
        outbox.Send(new byte[90]);
        outbox.Send(new byte[90]);
        var uncrowded = outbox.WhenUncrowdedAsync();
        outbox.Close();
        await uncrowded.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(outbox.WhenUncrowdedAsync().IsCompleted);
    }

    [Fact]
    public async Task What_was_appended_and_not_flushed_yet_is_waited_for()
    {
        // The dispatcher appends for some milliseconds before it flushes: asking again and again would burn them.
        var outbox = new Outbox(new SlowTransport { IsFast = true }, 100, TimeProvider.System);
        using (var scope = outbox.EnterScope())
            scope.Append(new byte[90]);
        var uncrowded = outbox.WhenUncrowdedAsync();
        Assert.False(uncrowded.IsCompleted);
        using (var scope = outbox.EnterScope())
            scope.Flush();
        await uncrowded.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void There_are_as_many_acks_as_messages_that_were_sent()
    {
        var outbox = new Outbox(new SlowTransport(), 1_000_000, TimeProvider.System);
        Assert.False(outbox.TryTakeAck());
        using (var scope = outbox.EnterScope())
        {
            scope.Append(Fakes.Message(ConversationKey.Direct(1, 10001, 10002), 1).Encode(Dialect.Binary, 2), Dialect.Binary, 10001);
            scope.GrantAcks(2);
        }

        for (var i = 0; i < 3; i++)
            Assert.True(outbox.TryTakeAck());
        Assert.False(outbox.TryTakeAck());
    }

    [Fact]
    public void Others_wait_for_the_end_of_a_scope_also_when_it_is_a_fault()
    {
        var transport = new SlowTransport { IsFast = true };
        var outbox = new Outbox(transport, 100, TimeProvider.System);
        var other = new Thread(() => outbox.Send([4]));
        Assert.Throws<TimeZoneNotFoundException>(SendThree);
        Assert.True(other.Join(Patience));
        Assert.Equal([1, 2, 3, 4], transport.Sent.ToArray());

        void SendThree()
        {
            using var scope = outbox.EnterScope();
            scope.Send([1]);
            other.Start();
            Assert.True(SpinWait.SpinUntil(() => other.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Patience));
            using (var inner = outbox.EnterScope())
                inner.Send([2]);
            scope.Send([3]);
            throw new TimeZoneNotFoundException();
        }
    }

    [Fact]
    public void An_outbox_in_a_flush_set_enters_no_other_until_it_has_left()
    {
        var outbox = new Outbox(new SlowTransport(), 100, TimeProvider.System);
        using var scope = outbox.EnterScope();
        Assert.Same(outbox, scope.TryEnterFlushSet());
        Assert.Null(scope.TryEnterFlushSet());
        scope.LeaveFlushSet();
        Assert.Same(outbox, scope.TryEnterFlushSet());
    }

    [Fact]
    public async Task What_a_socket_does_not_take_waits_and_goes_out_in_order()
    {
        using var pair = await SocketPair.ConnectAsync();
        var outbox = new Outbox(new SocketTransport(pair.Server), int.MaxValue, TimeProvider.System);
        var sent = 0;
        while (outbox.WaitingBytes == 0)
            sent = SendNumbers(outbox, sent, 1000);
        Assert.NotEqual(0, outbox.StalledSince);
        var drained = outbox.WhenDrainedAsync();
        var reading = pair.ReadNumbersAsync();
        sent = SendNumbers(outbox, sent, 100_000);
        await drained.WaitAsync(Patience, TestContext.Current.CancellationToken);
        outbox.Close();
        await outbox.WhenDrainedAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        pair.Server.Shutdown(SocketShutdown.Send);
        Assert.Equal(sent, await reading.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal((0, 0L), (outbox.WaitingBytes, outbox.StalledSince));
    }

    [Fact]
    public async Task Senders_on_many_threads_each_keep_their_order()
    {
        using var pair = await SocketPair.ConnectAsync();
        var outbox = new Outbox(new SocketTransport(pair.Server), int.MaxValue, TimeProvider.System);
        const int Threads = 4, Each = 50_000;
        var reading = pair.ReadLanesAsync(Threads);
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, lane =>
        {
            for (var i = 0; i < Each; i++)
                outbox.Send(BitConverter.GetBytes((i * Threads) + lane));
        });
        await outbox.WhenDrainedAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        pair.Server.Shutdown(SocketShutdown.Send);
        Assert.Equal(Threads * Each, await reading.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_socket_that_is_reset_or_disposed_under_a_flush_ends_the_wait()
    {
        foreach (var end in new Action<SocketPair>[] { p => p.ResetByPeer(), p => p.Server.Dispose() })
        {
            using var pair = await SocketPair.ConnectAsync();
            var outbox = new Outbox(new SocketTransport(pair.Server), int.MaxValue, TimeProvider.System);
            var sent = 0;
            while (outbox.WaitingBytes == 0)
                sent = SendNumbers(outbox, sent, 1000);
            var drained = outbox.WhenDrainedAsync();
            end(pair);
            await drained.WaitAsync(Patience, TestContext.Current.CancellationToken);
            outbox.Send([1]);
            Assert.Equal((0, 0L), (outbox.WaitingBytes, outbox.StalledSince));
        }
    }

    [Fact]
    public void What_is_held_goes_out_behind_what_it_waited_for()
    {
        var pipe = new Pipe();
        var outbox = new Outbox(OverPipe(pipe), 100, TimeProvider.System);
        using (var scope = outbox.EnterScope())
            scope.Hold();
        outbox.Send([2]);
        using (var scope = outbox.EnterScope())
        {
            scope.Append([3]);
            scope.Flush();
            Assert.False(scope.HasRoom(99));
        }

        Assert.False(pipe.Reader.TryRead(out _));
        Assert.Equal(0, outbox.StalledSince);
        using (var scope = outbox.EnterScope())
            scope.Release([1]);
        outbox.Send([4]);
        Assert.Equal([1, 2, 3, 4], Sent(pipe));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_dropped_or_closed_while_it_is_held_is_not_sent(bool isClosed)
    {
        var pipe = new Pipe();
        var outbox = new Outbox(OverPipe(pipe), 100, TimeProvider.System);
        using (var scope = outbox.EnterScope())
            scope.Hold();
        outbox.Send([2]);
        using (var scope = outbox.EnterScope())
        {
            if (isClosed)
                scope.Close();
            else
                scope.Drop();
        }

        Assert.True(outbox.WhenDrainedAsync().IsCompleted);
        outbox.Send([3]);
        // Too late: nothing waits for it.
        using (var scope = outbox.EnterScope())
            scope.Release([1]);
        Assert.Equal(isClosed ? [] : [3, 1], Sent(pipe));
    }

    [Fact]
    public async Task With_a_flush_under_way_nothing_is_held()
    {
        var transport = new SlowTransport();
        var outbox = new Outbox(transport, 100, TimeProvider.System);
        outbox.Send(new byte[90]);
        using (var scope = outbox.EnterScope())
        {
            scope.Hold();
            scope.Release([1]);
        }

        Assert.Equal(1, outbox.WaitingBytes);
        transport.Take();
        await Wait.UntilAsync(() => outbox.WaitingBytes == 0);
    }

    private static byte[] Sent(Pipe pipe)
    {
        if (!pipe.Reader.TryRead(out var read))
            return [];
        var bytes = read.Buffer.ToArray();
        pipe.Reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }

    private static KestrelTransport OverPipe(Pipe pipe) =>
        new(new DefaultConnectionContext("1", new Duplex(pipe.Reader, pipe.Writer), new Duplex(pipe.Reader, pipe.Writer)));

    private static int SendNumbers(Outbox outbox, int next, int count)
    {
        for (var i = 0; i < count; i++)
            outbox.Send(BitConverter.GetBytes(next++));
        return next;
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Counts, and answers once if it has an answer.</summary>
    private sealed class Watcher : IOutboxWatcher
    {
        public byte[] Answer { get; set; } = [];

        public int Told { get; private set; }

        public void OnDrained(Outbox.Scope outbox)
        {
            Told++;
            outbox.Append(Answer);
            Answer = [];
        }
    }

    /// <summary>Two ends of a real connection with small buffers.</summary>
    private sealed class SocketPair(Socket server, Socket client) : IDisposable
    {
        public Socket Server { get; } = server;

        public static async Task<SocketPair> ConnectAsync()
        {
            using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 8192 };
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192 };
            await client.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken);
            return new SocketPair(await listener.AcceptAsync(TestContext.Current.CancellationToken), client);
        }

        public Task<int> ReadNumbersAsync() => ReadLanesAsync(1);

        /// <summary>Reads numbers to the end; those of each lane (number modulo lanes) must come in order.</summary>
        public async Task<int> ReadLanesAsync(int lanes)
        {
            await using var stream = new NetworkStream(client);
            var next = Enumerable.Range(0, lanes).ToArray();
            var number = new byte[4];
            var count = 0;
            while (await stream.ReadAtLeastAsync(number, 4, throwOnEndOfStream: false, TestContext.Current.CancellationToken) == 4)
            {
                var got = BitConverter.ToInt32(number);
                Assert.Equal(next[got % lanes], got);
                next[got % lanes] += lanes;
                count++;
            }

            return count;
        }

        public void ResetByPeer()
        {
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }

        public void Dispose()
        {
            client.Dispose();
            Server.Dispose();
        }
    }
}
