using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Events;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.IntegrationTests.Storage;

/// <summary>What keeps a node among those of the cluster, in this process, and what it tells.</summary>
internal sealed class NodeParts : IAsyncDisposable, INodeListener
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<string> _heard = [];
    private readonly NodeListeners _listeners;
    private readonly NodeRenewal _renewal;
    private readonly BusSubscription _events;

    private NodeParts(string connectionString, TimeProvider system, TimeSpan interval)
    {
        Clock = new ClusterTime(system);
        Database = new PostgresDatabase(Options.Create(new ClusterOptions { Database = connectionString }), NullLogger<PostgresDatabase>.Instance, Clock);
        Node = new PostgresNode(Database, Clock);
        var meters = _services.GetRequiredService<IMeterFactory>();
        Connections = new ConnectionTable(Node.Lease);
        var bus = new InProcessBus(meters);
        _events = bus.Subscribe();
        var state = new NodeState(Connections, new RoomTable(Options.Create(new RoomsOptions())), Server);
        _listeners = new NodeListeners([this], NullLogger<NodeListeners>.Instance);
        _renewal = new NodeRenewal(Database, state, Clock);
        Keeper = new NodeKeeper(
            Node, _renewal, new NodeReaper(Database, bus, Clock, NullLogger<NodeReaper>.Instance), _listeners, state, View,
            new ClockWatch(Clock, meters, NullLogger<ClockWatch>.Instance), Clock, NullLogger<NodeKeeper>.Instance)
        {
            Interval = interval,
        };
    }

    public PostgresDatabase Database { get; }

    public ClusterTime Clock { get; }

    public PostgresNode Node { get; }

    public NodeLease Lease => Node.Lease;

    public NodeKeeper Keeper { get; }

    public ClusterView View { get; } = new();

    public ServerState Server { get; } = new();

    public ConnectionTable Connections { get; }

    /// <summary>What it was told, in this order; with the generation, and whether the lease held.</summary>
    public string[] Heard
    {
        get
        {
            lock (_heard)
                return [.. _heard];
        }
    }

    /// <summary>What is done when the node has been given up, before it begins anew.</summary>
    public Action? GivenUp { get; set; }

    /// <param name="connectionString">Where the database is.</param>
    /// <param name="system">The machine's clock.</param>
    /// <param name="interval">Between renewals; shorter than a server's when not given.</param>
    public static async Task<NodeParts> StartAsync(string connectionString, TimeProvider? system = null, TimeSpan? interval = null)
    {
        var parts = new NodeParts(connectionString, system ?? TimeProvider.System, interval ?? TimeSpan.FromMilliseconds(200));
        await parts.Keeper.StartAsync(CancellationToken.None);
        return parts;
    }

    /// <summary>The next event, which is there or on its way.</summary>
    public async Task<DomainEvent> EventAsync()
    {
        using var limit = new CancellationTokenSource(Wait.Limit);
        return await _events.Reader.ReadAsync(limit.Token);
    }

    /// <summary>It renews no more, and its row stays, as if its process stood still.</summary>
    public void Silence() => Keeper.Dispose();

    public Task StopAsync() => Keeper.StopAsync(CancellationToken.None);

    public Task GivenUpAsync(CancellationToken cancellationToken)
    {
        Note("given up");
        GivenUp?.Invoke();
        return Task.CompletedTask;
    }

    public Task BegunAsync(CancellationToken cancellationToken)
    {
        Note("begun");
        return Task.CompletedTask;
    }

    public Task EraBegunAsync(CancellationToken cancellationToken)
    {
        Note("era");
        return Task.CompletedTask;
    }

    public void NodesGone(IReadOnlyList<long> generations) => Note($"gone {string.Join(' ', generations)}");

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Wait.Limit);
        await Keeper.StopAsync(limit.Token);
        Keeper.Dispose();
        _events.Dispose();
        _listeners.Dispose();
        await _renewal.DisposeAsync();
        await Database.DisposeAsync();
        await _services.DisposeAsync();
    }

    private void Note(string what)
    {
        lock (_heard)
            _heard.Add(what == "given up" && Lease.IsValid ? "given up, with a lease" : what);
    }
}
