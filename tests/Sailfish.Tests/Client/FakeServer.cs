using System.Net;
using System.Net.Sockets;
using Sailfish.Client;

namespace Sailfish.Tests.Client;

/// <summary>A server on a real socket whose every word a test says itself.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const long AppId = 10001;
    public const long UserId = 10001;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly List<FakePeer> _peers = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FakeServer(FakeDialect dialect = FakeDialect.Tcp)
    {
        Dialect = dialect;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public FakeDialect Dialect { get; }

    public int Port { get; }

    public Uri Endpoint => new(Dialect == FakeDialect.Tcp ? $"tcp://127.0.0.1:{Port}" : $"ws://127.0.0.1:{Port}/ws");

    public SailfishClient Client(Func<Options, Options>? change = null)
    {
        var options = new Options();
        options = change?.Invoke(options) ?? options;
        return new SailfishClient(new SailfishClientOptions
        {
            Endpoint = Endpoint,
            AppId = AppId,
            UserId = UserId,
            TokenProvider = options.Token,
            WebSocketBinary = Dialect == FakeDialect.WebSocketBinary,
            ReconnectMinDelay = TimeSpan.FromMilliseconds(10),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(100),
            ReceiptTimeout = options.ReceiptTimeout,
            RateLimitRetries = options.RateLimitRetries,
            InboxCapacity = options.InboxCapacity,
            AckWhenRead = options.AckWhenRead,
            AckFilter = options.AckFilter,
            MaxInFlight = options.MaxInFlight,
            RetryFirstConnect = options.RetryFirstConnect,
            RoomState = options.RoomState,
        });
    }

    /// <summary>The next connection, before its LOGIN.</summary>
    public async Task<FakePeer> AcceptAsync()
    {
        var socket = await _listener.AcceptTcpClientAsync().WaitAsync(Patience);
        var peer = await FakePeer.OpenAsync(socket, Dialect);
        _peers.Add(peer);
        return peer;
    }

    /// <summary>The next connection, logged in; its pull of offline messages is left unanswered.</summary>
    public async Task<FakePeer> AcceptLoginAsync(int heartbeatSeconds = 30)
    {
        var peer = await AcceptAsync();
        await peer.AnswerLoginAsync(heartbeatSeconds);
        return peer;
    }

    /// <summary>A client that is online with its pull answered by nothing, and the server's side of its connection.</summary>
    public async Task<(SailfishClient Client, FakePeer Peer)> ConnectAsync(Func<Options, Options>? change = null)
    {
        var client = Client(change);
        var connect = client.ConnectAsync();
        var peer = await AcceptLoginAsync();
        await connect.WaitAsync(Patience);
        await peer.AnswerSyncAsync([]);
        return (client, peer);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var peer in _peers)
            await peer.DisposeAsync();
    }

    internal sealed record Options
    {
        public Func<CancellationToken, ValueTask<string>> Token { get; init; } = _ => ValueTask.FromResult("token");

        public TimeSpan ReceiptTimeout { get; init; } = TimeSpan.FromSeconds(60);

        public int RateLimitRetries { get; init; } = 10;

        public int InboxCapacity { get; init; } = 1024;

        public int MaxInFlight { get; init; } = 64;

        public bool AckWhenRead { get; init; }

        public Func<SailfishMessage, bool>? AckFilter { get; init; }

        public bool RetryFirstConnect { get; init; }

        public bool RoomState { get; init; }
    }
}
