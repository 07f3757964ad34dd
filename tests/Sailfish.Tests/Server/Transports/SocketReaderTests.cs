using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Sailfish.Server.Transports;

namespace Sailfish.Tests.Server.Transports;

/// <summary>A socket as a pipe reader, against what PipeReader promises.</summary>
public sealed class SocketReaderTests : IAsyncLifetime
{
    /// <summary>
    /// Turns that may look like one here: the next begins in another thread, and that may be done before this one looks
    /// whether it has to wait.
    /// </summary>
    private const int LookAlike = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private Socket _peer = null!;
    private SocketTransport _transport = null!;

    private PipeReader Input => _transport.Input;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _peer = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _peer.ConnectAsync(listener.LocalEndPoint!, Cancelled);
        _transport = new SocketTransport(await listener.AcceptAsync(Cancelled));
    }

    public ValueTask DisposeAsync()
    {
        _transport.End();
        _peer.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_examined_and_not_consumed_comes_again_with_what_follows()
    {
        await _peer.SendAsync(new byte[] { 1, 2, 3 }, Cancelled);
        var first = await ReadAsync();
        Assert.Equal([1, 2, 3], first.Buffer.ToArray());
        Input.AdvanceTo(first.Buffer.GetPosition(1), first.Buffer.End);
        var next = ReadAsync();
        Assert.False(next.IsCompleted);
        await _peer.SendAsync(new byte[] { 4 }, Cancelled);
        var second = await next;
        Assert.Equal([2, 3, 4], second.Buffer.ToArray());
        Input.AdvanceTo(second.Buffer.End);
    }

    [Fact]
    public async Task What_was_not_examined_comes_again_at_once()
    {
        await _peer.SendAsync(new byte[] { 1, 2, 3 }, Cancelled);
        var first = await ReadAsync();
        Input.AdvanceTo(first.Buffer.Start, first.Buffer.GetPosition(2));
        var second = await ReadAsync();
        Assert.Equal([1, 2, 3], second.Buffer.ToArray());
    }

    [Fact]
    public async Task A_large_message_in_pieces_is_put_together()
    {
        var sent = new byte[300_000];
        Random.Shared.NextBytes(sent);
        var sending = _peer.SendAsync(sent, Cancelled);
        var result = await ReadAsync();
        while (result.Buffer.Length < sent.Length)
        {
            Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            result = await ReadAsync();
        }

        await sending;
        Assert.Equal(sent, result.Buffer.ToArray());
        Input.AdvanceTo(result.Buffer.End);
    }

    [Fact]
    public async Task A_peer_that_always_has_bytes_gives_others_their_turn()
    {
        // All of it waits in the kernel; before, all of it came in one go.
        var sent = new byte[200_000];
        Random.Shared.NextBytes(sent);
        await _peer.SendAsync(sent, Cancelled);
        List<byte> got = [];
        var (turn, longest) = (0L, 0L);
        while (got.Count < sent.Length)
        {
            var read = Input.ReadAsync(Cancelled);
            turn = read.IsCompleted ? turn : 0;
            var result = await read;
            turn += result.Buffer.Length;
            longest = Math.Max(longest, turn);
            got.AddRange(result.Buffer.ToArray());
            Input.AdvanceTo(result.Buffer.End);
        }

        Assert.Equal(sent, got);
        Assert.InRange(longest, 4096, LookAlike * 24 * 1024);
    }

    [Fact]
    public async Task A_turn_is_so_many_reads_too()
    {
        // Byte by byte; the socket has the next one whenever it is asked.
        var inOneGo = 0;
        for (var i = 0; i < 500; i++)
        {
            await _peer.SendAsync(new byte[] { 1 }, Cancelled);
            var read = Input.ReadAsync(Cancelled);
            inOneGo = read.IsCompleted ? inOneGo + 1 : 0;
            Assert.InRange(inOneGo, 0, LookAlike * 64);
            Input.AdvanceTo((await read).Buffer.End);
        }
    }

    [Fact]
    public async Task A_read_that_is_cancelled_between_two_turns_leaves_nothing_behind()
    {
        for (var round = 0; round < 200; round++)
        {
            await _peer.SendAsync(new byte[17 * 1024], Cancelled);
            var got = 0L;
            while (got < 17 * 1024)
            {
                var read = ReadAsync();
                if (!read.IsCompleted)
                    Input.CancelPendingRead();
                var result = await read;
                got += result.Buffer.Length;
                Input.AdvanceTo(result.Buffer.End);
            }

            // A cancellation that came too late is the next read's.
            Input.TryRead(out _);
        }
    }

    [Fact]
    public async Task The_end_comes_with_what_is_left()
    {
        await _peer.SendAsync(new byte[] { 1, 2 }, Cancelled);
        var first = await ReadAsync();
        Input.AdvanceTo(first.Buffer.GetPosition(1), first.Buffer.End);
        _peer.Shutdown(SocketShutdown.Send);
        var last = await ReadAsync();
        Assert.True(last.IsCompleted);
        Assert.Equal([2], last.Buffer.ToArray());
    }

    [Fact]
    public async Task A_cancelled_read_takes_nothing_and_the_next_goes_on()
    {
        for (var round = 0; round < 3; round++)
        {
            var waiting = ReadAsync();
            Assert.False(waiting.IsCompleted);
            Input.CancelPendingRead();
            Assert.True((await waiting).IsCanceled);
        }

        var next = ReadAsync();
        Assert.False(next.IsCompleted);
        await _peer.SendAsync(new byte[] { 7 }, Cancelled);
        Assert.Equal([7], (await next).Buffer.ToArray());
    }

    [Fact]
    public async Task A_cancellation_before_the_read_ends_that_read_only()
    {
        Input.CancelPendingRead();
        Assert.True((await ReadAsync()).IsCanceled);
        await _peer.SendAsync(new byte[] { 7 }, Cancelled);
        Assert.Equal([7], (await ReadAsync()).Buffer.ToArray());
    }

    [Fact]
    public async Task A_token_ends_the_wait_with_its_exception()
    {
        using var stop = new CancellationTokenSource();
        var waiting = Input.ReadAsync(stop.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience, Cancelled));
    }

    [Fact]
    public async Task An_abort_ends_the_wait()
    {
        var waiting = ReadAsync();
        _transport.Abort("test");
        Assert.True((await waiting).IsCompleted);
        Assert.True(_transport.IsEnded);
        Assert.True((await ReadAsync()).IsCompleted);
    }

    [Fact]
    public async Task A_reset_by_the_peer_ends_the_wait()
    {
        var waiting = ReadAsync();
        _peer.LingerState = new LingerOption(true, 0);
        _peer.Dispose();
        Assert.True((await waiting).IsCompleted);
    }

    [Fact]
    public async Task Cancellations_beside_arrivals_lose_no_byte()
    {
        const int Total = 20_000;
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Total; i++)
                await _peer.SendAsync(new[] { (byte)i }, Cancelled);
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var cancelling = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                Input.CancelPendingRead();
        });
        var got = 0;
        while (got < Total)
        {
            var result = await ReadAsync();
            foreach (var value in result.Buffer.ToArray())
                Assert.Equal((byte)got++, value);
            Input.AdvanceTo(result.Buffer.End);
        }

        await stop.CancelAsync();
        await cancelling;
        await sending;
    }

    [Fact]
    public async Task A_peek_takes_nothing_and_the_socket_can_be_handed_on()
    {
        await _peer.SendAsync(new byte[] { 1, 2 }, Cancelled);
        Assert.True(await _transport.WaitAsync());
        var seen = new byte[10];
        Assert.Equal(2, _transport.Peek(seen));
        using var socket = _transport.Release();
        Assert.Equal(2, await socket.ReceiveAsync(seen, Cancelled));
    }

    private Task<ReadResult> ReadAsync() => Input.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience, Cancelled);
}
