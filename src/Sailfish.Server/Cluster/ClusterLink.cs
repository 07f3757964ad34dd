namespace Sailfish.Server.Cluster;

/// <summary>
/// All that ties this node to the others while it is of one generation: the bus, the links over it, heartbeats and questions.
/// A node that was declared dead begins anew with another one.
/// </summary>
internal sealed class ClusterLink : IAsyncDisposable
{
    private readonly IClusterBus _bus;
    private readonly LinkWatch _links;
    private readonly Heartbeats _heartbeats;
    private readonly CallAnswerer _answerer;
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    /// <param name="generation">This node's.</param>
    /// <param name="buses">Makes the bus.</param>
    /// <param name="sink">Takes what others tell.</param>
    /// <param name="handler">Answers what others ask.</param>
    /// <param name="isDatabaseOk">Whether this node reaches the database, which it tells the others.</param>
    /// <param name="metrics">The counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Makes the loggers of the parts.</param>
    public ClusterLink(
        long generation, IClusterBusFactory buses, IClusterSink sink, ICallHandler handler, Func<bool> isDatabaseOk, ClusterMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        var losses = new LossReport(sink, metrics, time, loggers.CreateLogger<LossReport>());
        var answers = new PendingCalls();
        var calls = new CallQueue(time);
        _links = new LinkWatch(generation, time, losses);
        _bus = buses.Create(generation, new ClusterInbox(generation, _links, answers, calls, sink, losses, metrics, time, loggers.CreateLogger<ClusterInbox>()));
        Sender = new ClusterSender(generation, _bus);
        Calls = new ClusterCalls(Sender, answers, metrics, time);
        _heartbeats = new Heartbeats(Sender, _links, isDatabaseOk, time, loggers.CreateLogger<Heartbeats>());
        _answerer = new CallAnswerer(calls, handler, Sender, time, loggers.CreateLogger<CallAnswerer>());
    }

    public ClusterSender Sender { get; }

    public ClusterCalls Calls { get; }

    public BusHealth Health => _bus.Health;

    /// <summary>Whether another node that is heard reaches the database: then this one, which does not, is the one that is cut off.</summary>
    public bool IsDatabaseOkElsewhere => _links.IsDatabaseOkElsewhere;

    /// <summary>Whether a node's heartbeats come.</summary>
    public bool IsHeard(long node) => _links.IsHeard(node);

    /// <summary>Returns at once; the bus comes up by itself.</summary>
    public void Start()
    {
        _bus.Start();
        _run = Task.WhenAll(_heartbeats.RunAsync(_stop.Token), _answerer.RunAsync(_stop.Token));
    }

    /// <summary>A node is no more, and its generation will not come again.</summary>
    public void Forget(long node)
    {
        Sender.Forget(node);
        _links.Forget(node);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _bus.DisposeAsync();
        _stop.Dispose();
    }
}
