using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Sailfish.IntegrationTests.Harness;

/// <summary>
/// Several servers on one database, each a process of its own with ports and a data folder of its own: what can be killed,
/// held and started again one by one.
/// </summary>
public sealed class ServerCluster : IAsyncDisposable
{
    private readonly ClusterPlan _plan;
    private readonly List<ServerProcess> _nodes = [];
    private readonly List<PostgresProxy> _proxies = [];

    private ServerCluster(ClusterPlan plan, PostgresServer postgres, string database, NatsServer? nats)
    {
        _plan = plan;
        Postgres = postgres;
        Database = database;
        Nats = nats;
    }

    public IReadOnlyList<ServerProcess> Nodes => _nodes;

    /// <summary>What stands between each node and the database.</summary>
    public IReadOnlyList<PostgresProxy> Proxies => _proxies;

    public PostgresServer Postgres { get; }

    /// <summary>The database's name.</summary>
    public string Database { get; }

    public NatsServer? Nats { get; }

    /// <summary>The TCP port that clients take, where something stands before all nodes.</summary>
    public int? Door { get; set; }

    /// <summary>A node by its number; they go round.</summary>
    public ServerProcess this[int node] => _nodes[node % _nodes.Count];

    /// <summary>Starts the nodes, all at once and the first time ever: one of them makes the tables and the secrets.</summary>
    public static async Task<ServerCluster> StartAsync(ClusterPlan plan)
    {
        var cluster = new ServerCluster(
            plan,
            plan.HasOwnPostgres ? await PostgresServer.StartAsync(fsync: false) : await SharedPostgres.ServerAsync(),
            plan.HasOwnPostgres ? "sailfish" : await SharedPostgres.NewDatabaseAsync(isEmpty: true),
            plan.HasNats ? await NatsServer.StartAsync() : null);
        try
        {
            if (plan.HasOwnPostgres)
                await cluster.Postgres.CreateDatabaseAsync(cluster.Database);
            for (var i = 0; plan.HasProxies && i < plan.Nodes; i++)
                cluster._proxies.Add(new PostgresProxy(cluster.Postgres.Port));
            cluster._nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, plan.Nodes).Select(i => ServerProcess.StartAsync(cluster.SettingsOf(i)))));
            await cluster.ReadyAsync();
            Assert.Single(cluster._nodes.Select(node => node.App).Distinct());
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a node takes traffic.</summary>
    public static async Task<bool> IsReadyAsync(ServerProcess node)
    {
        if (node.HasExited)
            throw new InvalidOperationException($"A node ended with {node.ExitCode}: {node.Output}");
        try
        {
            using var answer = await node.Http.GetAsync("readyz");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Adds a node, which ends with the others.</summary>
    /// <param name="environment">More variables of its process.</param>
    /// <param name="settings">More of them.</param>
    public async Task<ServerProcess> AddAsync(IReadOnlyDictionary<string, string>? environment = null, params string[] settings)
    {
        var node = await ServerProcess.StartAsync(null, [.. SettingsOf(_nodes.Count), .. settings], environment);
        _nodes.Add(node);
        await ReadyAsync();
        return node;
    }

    /// <summary>Opens a connection to a node, or through the door, and sends LOGIN; the answer is still to be read.</summary>
    public async Task<TestClient> PresentAsync(int node, long userId, string? device = null)
    {
        var client = await TestClient.OpenAsync(Door ?? this[node].TcpPort);
        var token = TestTokens.Mint(this[node], userId);
        await client.SendAsync(Code.Login, new JsonObject { ["token"] = token, ["userId"] = userId, ["appId"] = this[node].AppId, ["protocol"] = 2, ["deviceId"] = device });
        return client;
    }

    /// <summary>A conversation's log, as a new client of a user reads it on a node by SYNC from 0.</summary>
    internal async Task<IReadOnlyList<LogEntry>> ReadLogAsync(int node, long userId, string conversation)
    {
        await using var client = await PresentAsync(node, userId);
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
        if (conversation[0] == 'r')
            await client.JoinAsync(long.Parse(conversation.AsSpan(2), CultureInfo.InvariantCulture));
        List<LogEntry> log = [];
        while (true)
        {
            var page = await client.SyncAsync(new JsonObject { [conversation] = log.Count == 0 ? 0 : log[^1].Seq }, limit: 500);
            log.AddRange(page.Messages().Select(m => new LogEntry(m.Number("seq"), m.Text("msgId")!, m.Data.Number("userId"), m.Content())));
            if (!page["more"]!.GetValue<bool>())
                return log;
        }
    }

    /// <summary>Waits until all nodes take traffic.</summary>
    public async Task ReadyAsync()
    {
        foreach (var node in _nodes)
            await Wait.UntilAsync(() => IsReadyAsync(node), TimeSpan.FromSeconds(40), () => $"a node to be ready; it said: {node.Output}");
    }

    /// <summary>Starts again what has ended, whatever a test before did, and waits until all take traffic.</summary>
    public async Task HealAsync()
    {
        foreach (var node in _nodes.Where(node => node.HasExited))
            await node.StartAgainAsync();
        await ReadyAsync();
    }

    /// <summary>Waits until something is so on every node.</summary>
    public Task EverywhereAsync(Func<ServerProcess, Task<bool>> condition, string what, TimeSpan? limit = null) =>
        Task.WhenAll(_nodes.Select((node, i) => Wait.UntilAsync(() => condition(node), limit ?? Wait.Limit, $"{what} on node {i}")));

    /// <summary>A number that the database tells.</summary>
    public async Task<long> CountAsync(string sql) => long.Parse(await Postgres.SqlAsync(sql, Database), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync();
        if (Nats is not null)
            await Nats.DisposeAsync();
        if (_plan.HasOwnPostgres)
            await Postgres.DisposeAsync();
    }

    private string[] SettingsOf(int node)
    {
        int? proxy = node < _proxies.Count ? _proxies[node].Port : null;
        List<string> settings = [.. _plan.Settings, $"Cluster:Database={Postgres.ConnectionString(Database, proxy)}"];
        if (Nats is not null)
            settings.Add($"Cluster:Bus={Nats.Url}");
        var http = FreePort.Next();
        if (_plan.HasFixedPorts)
            settings.AddRange([$"Gateway:TcpPort={FreePort.Next()}", $"Gateway:WebSocketPort={FreePort.Next()}", $"Http:Port={http}"]);
        if (node < _plan.Advertising)
            settings.Add($"Cluster:Advertise=http://127.0.0.1:{http}");
        return [.. settings];
    }
}
