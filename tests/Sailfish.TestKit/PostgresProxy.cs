using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sailfish.TestKit;

/// <summary>What stands between a server and its PostgreSQL, and can lose an answer: then who asked cannot know what became of it.</summary>
public sealed class PostgresProxy : IAsyncDisposable
{
    private const int BufferSize = 65_536;

    private readonly int _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private readonly Task _accepting;
    private volatile Loss? _loss;
    private int _lost;

    public PostgresProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>How many answers were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>
    /// PostgreSQL gets the next request with this text in it, and does what it says; its answer, when it is whole, is lost, and
    /// the connection is cut.
    /// </summary>
    /// <param name="text">In what is sent at once.</param>
    /// <param name="staysOpen">The connection stands, and says nothing any more.</param>
    public void LoseAnswerTo(string text, bool staysOpen = false) => _loss = new Loss(Encoding.UTF8.GetBytes(text), staysOpen);

    /// <summary>Cuts all connections as they are.</summary>
    public void Cut()
    {
        foreach (var link in _links.Keys)
            link.Cut();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> running = [];
        try
        {
            while (true)
                running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var link = new Link(client, new TcpClient());
        _links[link] = true;
        try
        {
            await link.Server.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
            await Task.WhenAny(SendAsync(link), AnswerAsync(link));
        }
        catch (Exception cut) when (cut is SocketException or OperationCanceledException)
        {
            // PostgreSQL is not there: then nobody is here either.
        }

        link.Cut();
        _links.TryRemove(link, out _);
    }

    private async Task SendAsync(Link link)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await link.Client.GetStream().ReadAsync(buffer) is > 0 and var count)
            {
                if (_loss is { } loss && buffer.AsSpan(0, count).IndexOf(loss.Text) >= 0)
                    (link.Loss, _loss) = (loss, null);
                await link.Server.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has gone.
        }
    }

    private async Task AnswerAsync(Link link)
    {
        var buffer = new byte[BufferSize];
        var filled = 0;
        try
        {
            while (await link.Server.GetStream().ReadAsync(buffer.AsMemory(filled)) is > 0 and var count)
            {
                if (link.Loss is not { } loss)
                {
                    await link.Client.GetStream().WriteAsync(buffer.AsMemory(0, count));
                    continue;
                }

                // Its end is all that counts, and may come in two pieces.
                filled += count;
                var isWhole = IsWhole(buffer.AsSpan(0, filled));
                filled = KeepEnd(buffer, filled);
                if (!isWhole)
                    continue;
                Interlocked.Increment(ref _lost);
                if (!loss.StaysOpen)
                    return;
                await new TaskCompletionSource().Task.WaitAsync(_ending.Token);
            }
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // One of the two has gone.
        }
    }

    /// <summary>An answer ends with ReadyForQuery: Z, a length of 5, a byte.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer) => answer.Length >= 6 && answer[^6..^1].SequenceEqual("Z\0\0\0\u0005"u8);

    private static int KeepEnd(byte[] buffer, int filled)
    {
        var kept = Math.Min(filled, 6);
        buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
        return kept;
    }

    private sealed record Loss(byte[] Text, bool StaysOpen);

    private sealed class Link(TcpClient client, TcpClient server) : IDisposable
    {
        public TcpClient Client => client;

        public TcpClient Server => server;

        /// <summary>The answer under way is not passed on.</summary>
        public Loss? Loss { get; set; }

        public void Cut()
        {
            client.Dispose();
            server.Dispose();
        }

        public void Dispose() => Cut();
    }
}
