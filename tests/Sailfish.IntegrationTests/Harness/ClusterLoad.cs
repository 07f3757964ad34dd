using System.Globalization;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>
/// Users on all nodes who speak in rooms and with each other for as long as a test disturbs the cluster. In the end each must
/// have everything, once and in its order, and nothing that was receipted may be missing.
/// </summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ServerCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly string[] _rooms = [$"r:{TestIds.NewRoom()}", $"r:{TestIds.NewRoom()}"];
    private readonly List<HistoryClient> _clients = [];
    private readonly List<Task> _speaking = [];
    private long _said;

    private ClusterLoad(ServerCluster cluster) => _cluster = cluster;

    public IReadOnlyList<HistoryClient> Clients => _clients;

    /// <summary>Messages that have their RECEIPT.</summary>
    private long Receipted => Volatile.Read(ref _said) - _clients.Sum(client => client.Unreceipted);

    /// <summary>Starts it; all are in their rooms.</summary>
    /// <param name="cluster">On its nodes in turn.</param>
    /// <param name="users">How many.</param>
    /// <param name="patience">Of each; see <see cref="HistoryClient"/>.</param>
    public static async Task<ClusterLoad> StartAsync(ServerCluster cluster, int users = 9, Func<int, TimeSpan?>? patience = null)
    {
        var load = new ClusterLoad(cluster);
        var ids = Enumerable.Range(0, users).Select(_ => TestIds.NewUser()).ToList();
        for (var i = 0; i < users; i++)
        {
            // A room for all and one for every second of them; and each speaks with its two neighbours, who are on other nodes.
            List<string> conversations = [.. load._rooms.Take(1 + (i % 2)), Direct(ids, i, i + 1), Direct(ids, i - 1, i)];
            load._clients.Add(new HistoryClient(cluster, ids[i], i, conversations, patience?.Invoke(i)));
        }

        await load.ReadyAsync();
        load._speaking.AddRange(load._clients.Select(client => Task.Run(() => load.SpeakAsync(client))));
        return load;
    }

    /// <summary>Waits until all are logged in and in their rooms.</summary>
    public Task ReadyAsync() => Wait.UntilAsync(
        () => _clients.All(client => client.IsReady), Limit, () => $"all to be in their rooms; {_clients.Count(client => !client.IsReady)} are not");

    /// <summary>Goes on until so many more messages have their RECEIPT.</summary>
    public Task GoOnAsync(int messages)
    {
        var goal = Receipted + messages;
        return Wait.UntilAsync(() => Receipted >= goal, Limit, () => $"{goal - Receipted} more receipts");
    }

    /// <summary>Ends it, and finds whatever is wrong with the histories.</summary>
    /// <param name="allowed">What the fault that was tried may do.</param>
    public async Task CheckAsync(params FaultKind[] allowed)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_speaking);
        await Wait.UntilAsync(() => _clients.All(client => client.Unreceipted == 0), Limit, () => $"the receipts of {Waiting()}");
        await _cluster.HealAsync();
        var logs = await ReadLogsAsync();
        try
        {
            await Wait.UntilAsync(() => HaveAll(logs), Wait.Limit, () => "all to have everything");
        }
        catch (TimeoutException)
        {
            // Who has what not is the checker's to say.
        }

        List<HistoryFault> faults = [.. HistoryChecker.Check(_clients.Select(client => client.History), logs).Where(fault => !allowed.Contains(fault.Kind))];
        Assert.True(faults.Count == 0, Describe(faults));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_speaking);
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));
        _stop.Dispose();
    }

    private static string Direct(List<long> ids, int one, int other) =>
        MessagingSteps.Direct(ids[(one + ids.Count) % ids.Count], ids[other % ids.Count]);

    private static string Describe(IReadOnlyList<HistoryFault> faults)
    {
        var kinds = faults.GroupBy(fault => fault.Kind).Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Count()}"));
        return $"{string.Join(", ", kinds)}\n{string.Join('\n', faults.Take(30))}";
    }

    private async Task SpeakAsync(HistoryClient client)
    {
        try
        {
            for (var i = 0; !_stop.IsCancellationRequested; i++)
            {
                var conversation = client.Conversations[i % client.Conversations.Count];
                Interlocked.Increment(ref _said);
                await client.SayAsync(conversation, string.Create(CultureInfo.InvariantCulture, $"{client.UserId}-{i}"), _stop.Token);
                // A pace: other tests have the machine, too.
                await Pause.ForAsync(15);
            }
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref _said);
        }
    }

    private bool HaveAll(Dictionary<string, IReadOnlyList<LogEntry>> logs) => _clients.All(
        client => client.Conversations.All(conversation => logs[conversation].Count == 0 || client.Has(conversation, logs[conversation][^1].Seq)));

    private async Task<Dictionary<string, IReadOnlyList<LogEntry>>> ReadLogsAsync()
    {
        Dictionary<string, IReadOnlyList<LogEntry>> logs = [];
        foreach (var (client, i) in _clients.Select((client, i) => (client, i)))
        {
            foreach (var conversation in client.Conversations.Where(name => !logs.ContainsKey(name)))
            {
                logs[conversation] = await _cluster.ReadLogAsync(i, client.UserId, conversation);
                var elsewhere = await _cluster[i + 1].HistoryAsync(conversation);
                Assert.Equal(elsewhere.Select(message => message.Text("msgId")), logs[conversation].Select(entry => entry.MsgId));
            }
        }

        return logs;
    }

    private string Waiting() => string.Join(", ", _clients.Where(client => client.Unreceipted > 0).Select(client => client.UserId));
}
