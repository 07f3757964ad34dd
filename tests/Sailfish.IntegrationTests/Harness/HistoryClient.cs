using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>
/// A user's client as a product has it: it comes back on the next node when its connection ends or says nothing any more, says
/// again what it has no RECEIPT for, and asks for what it has missed. All that it sees goes into its history.
/// </summary>
internal sealed class HistoryClient : IAsyncDisposable
{
    private readonly ServerCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Progress> _progress = [];
    private readonly Dictionary<string, string> _unreceipted = [];
    private readonly SemaphoreSlim _window;
    private readonly TimeSpan _patience;
    private readonly Task _running;
    private HistoryConnection? _connection;
    private int _connections;

    /// <param name="cluster">Where it is a client.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="node">The node that it begins on.</param>
    /// <param name="conversations">Rooms that it joins, and users that it speaks with: the names of their conversations.</param>
    /// <param name="patience">How long a node may say nothing before it is asked, and again before it is left.</param>
    /// <param name="window">How many messages may be without their RECEIPT.</param>
    public HistoryClient(ServerCluster cluster, long userId, int node, IReadOnlyList<string> conversations, TimeSpan? patience = null, int window = 4)
    {
        _cluster = cluster;
        _patience = patience ?? TimeSpan.FromSeconds(2);
        _window = new SemaphoreSlim(window);
        Conversations = conversations;
        History = new ClientHistory(userId);
        foreach (var conversation in conversations.Where(name => name[0] == 'd'))
            _progress[conversation] = new Progress();
        _running = Task.Run(() => RunAsync(node));
    }

    public ClientHistory History { get; }

    public IReadOnlyList<string> Conversations { get; }

    public long UserId => History.UserId;

    /// <summary>How many connections it had.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>It is logged in, in its rooms, and what it had not heard has been asked for.</summary>
    public bool IsReady => Volatile.Read(ref _connection) is not null;

    /// <summary>What it said and has no RECEIPT for.</summary>
    public int Unreceipted
    {
        get
        {
            lock (_lock)
                return _unreceipted.Count;
        }
    }

    /// <summary>Whether it has all of a conversation up to a seq.</summary>
    public bool Has(string conversation, long seq)
    {
        lock (_lock)
            return _progress.TryGetValue(conversation, out var progress) && progress.UpTo >= seq;
    }

    /// <summary>Says something, as soon as no more than its window is without RECEIPT.</summary>
    public async Task SayAsync(string conversation, string key, CancellationToken stop = default)
    {
        await _window.WaitAsync(stop);
        lock (_lock)
            _unreceipted[key] = conversation;
        History.Add(Seen.Sent, conversation, key: key);
        if (Volatile.Read(ref _connection) is { } connection)
            await connection.TrySayAsync(conversation, key);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _window.Dispose();
    }

    /// <summary>Whether a connection can end so.</summary>
    public static bool IsEnd(Exception error) =>
        error is IOException or SocketException or ObjectDisposedException or TimeoutException or OperationCanceledException;

    /// <summary>A message that the connection got, and whether one before it is missing.</summary>
    public bool Note(Seen how, string conversation, long seq, string msgId, string key)
    {
        History.Add(how, conversation, seq, msgId, key);
        lock (_lock)
        {
            if (!_progress.TryGetValue(conversation, out var progress))
                return false;
            progress.Note(seq);
            return progress.HasHole;
        }
    }

    public void NoteReceipt(string conversation, long seq, string msgId, string key)
    {
        Note(Seen.Receipted, conversation, seq, msgId, key);
        lock (_lock)
        {
            if (_unreceipted.Remove(key))
                _window.Release();
        }
    }

    public void NoteJoined(string conversation, long seq)
    {
        History.Add(Seen.Joined, conversation, seq);
        lock (_lock)
            _progress.TryAdd(conversation, new Progress(seq));
    }

    /// <summary>What a SYNC names.</summary>
    public JsonObject After()
    {
        lock (_lock)
            return new JsonObject(_progress.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value.UpTo)));
    }

    public bool HasHole()
    {
        lock (_lock)
            return _progress.Values.Any(progress => progress.HasHole);
    }

    public string? ConversationOf(string key)
    {
        lock (_lock)
            return _unreceipted.GetValueOrDefault(key);
    }

    private async Task RunAsync(int node)
    {
        for (; !_stop.IsCancellationRequested; node++)
        {
            await LiveAsync(node);
            if (!_stop.IsCancellationRequested)
                // As the client libraries do: some time that is another for each, or all would come back at once.
                await Pause.ForAsync(Random.Shared.Next(20, 200));
        }
    }

    /// <summary>From one LOGIN to the end of its connection.</summary>
    private async Task LiveAsync(int node)
    {
        try
        {
            await using var connection = await HistoryConnection.OpenAsync(this, _cluster, node, _patience, _stop.Token);
            Interlocked.Increment(ref _connections);
            // What is said from here on is said on the connection; what was said before is said again.
            Volatile.Write(ref _connection, connection);
            KeyValuePair<string, string>[] again;
            lock (_lock)
                again = [.. _unreceipted];
            foreach (var (key, conversation) in again)
                await connection.TrySayAsync(conversation, key);
            await connection.ReadAsync();
        }
        catch (Exception end) when (IsEnd(end))
        {
            // Killed, held, draining, or the end of the test: it comes back.
        }
        finally
        {
            Volatile.Write(ref _connection, null);
        }
    }
}
