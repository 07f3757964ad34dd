namespace Sailfish.IntegrationTests.Harness;

/// <summary>Connections that send the same bytes over and over, as fast as the server takes them, and come back when they are closed.</summary>
public sealed class Flood : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private long _sent;

    /// <param name="flooders">How many connections at once.</param>
    /// <param name="openAsync">Opens one.</param>
    /// <param name="block">What each sends.</param>
    public Flood(int flooders, Func<int, Task<RawSocket>> openAsync, byte[] block) =>
        _running = Task.WhenAll(Enumerable.Range(0, flooders).Select(i => Task.Run(() => RunAsync(() => openAsync(i), block))));

    /// <summary>Bytes of blocks that the sockets took whole.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Wait.Limit);
        _stop.Dispose();
    }

    private async Task RunAsync(Func<Task<RawSocket>> openAsync, byte[] block)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var socket = await openAsync();
                _ = ReadAllAsync(socket);
                await SendAllAsync(socket, block);
            }
            catch (Exception closed) when (closed is IOException or System.Net.Sockets.SocketException or OperationCanceledException or EndOfStreamException or ObjectDisposedException)
            {
                // Refused, closed, or the end of the flood.
            }
        }
    }

    private async Task SendAllAsync(RawSocket socket, byte[] block)
    {
        while (true)
        {
            await socket.SendAsync(block, _stop.Token);
            Interlocked.Add(ref _sent, block.Length);
        }
    }

    private async Task ReadAllAsync(RawSocket socket)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await socket.ReceiveAsync(buffer, _stop.Token) > 0)
            {
                // Answers are of no interest.
            }
        }
        catch (Exception closed) when (closed is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection has ended.
        }
    }
}
