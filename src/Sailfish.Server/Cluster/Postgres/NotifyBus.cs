namespace Sailfish.Server.Cluster.Postgres;

/// <summary>
/// The bus that needs no other part: NOTIFY of the database, on two connections, one that sends and one that listens. Each second
/// the node notifies itself, which goes the whole way that frames go: a server that hangs is noticed by what does not
/// come back.
/// </summary>
internal sealed class NotifyBus(
    string database, string name, long generation, IBusReceiver receiver, ClusterMetrics metrics, TimeProvider time, ILogger<NotifyBus> logger)
    : QueuedBus(receiver, metrics, time, logger)
{
    /// <summary>What <see cref="MaxFrameBytes"/> is: a message as large as any, and what stands around it.</summary>
    public const int LargestFrame = 128 * 1024;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(1);

    /// <summary>Two pings did not come back.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(2.8);

    private readonly string _settings = NotifySettings.Of(database);
    private readonly NotifyChannels _channels = new(name, generation);

    public override int MaxFrameBytes => LargestFrame;

    /// <summary>One notification: what is larger the receiver reads from the log, which costs the database less.</summary>
    public override int MaxMessageBytes => NotifyPayload.PartBytes;

    protected override string Description => "NOTIFY";

    protected override async Task ServeAsync(CancellationToken stop)
    {
        await using var sender = await NotifySender.OpenAsync(_settings, _channels, Queue, Metrics, Time, stop);
        await using var listener = await NotifyListener.OpenAsync(_settings, _channels, Receiver, Metrics, Time, stop);
        await listener.ListenAsync(sender.Process, stop);
        SetUp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] parts = [sender.RunAsync(end.Token), listener.RunAsync(end.Token), PingAsync(listener, end.Token)];
        var first = await Task.WhenAny(parts);
        await end.CancelAsync();
        // They end at once: none of them waits for the server then.
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    /// <summary>Ends, by throwing, when nothing has come back for too long.</summary>
    private async Task PingAsync(NotifyListener listener, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(PingInterval, Time);
        do
        {
            if (listener.SincePing > SilenceLimit)
                throw new TimeoutException("The database does not answer.");
            Queue.Add(new OutgoingFrame(generation, ReadOnlyMemory<byte>.Empty));
        }
        while (await timer.WaitForNextTickAsync(stop));
    }
}
