using NATS.Client.Core;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Hosting;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Cluster.Nats;

/// <summary>
/// The bus for more than some nodes: NATS, without anything that it would keep. The client connects again by itself and renews
/// its subscriptions; this class says what that means for the health.
/// </summary>
internal sealed class NatsBus : QueuedBus
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly NatsOpts _settings;
    private readonly NatsSubjects _subjects;
    private readonly Lock _receiving = new();
    private readonly LogPace _errors;

    /// <summary>The client holds subscriptions weakly: what nobody else holds would be collected.</summary>
    private INatsSub<byte[]>? _inbox;
    private INatsSub<byte[]>? _all;

    public NatsBus(NatsOpts settings, string name, long generation, IBusReceiver receiver, ClusterMetrics metrics, TimeProvider time, ILogger<NatsBus> logger)
        : base(receiver, metrics, time, logger)
    {
        _settings = settings;
        _subjects = new NatsSubjects(name, generation);
        _errors = new LogPace(Rate.PerMinute(1, burst: 5), time);
    }

    public override int MaxFrameBytes => FrameHeader.MaxFrameBytes;

    public override int MaxMessageBytes => FrameHeader.MaxFrameBytes;

    protected override string Description => _settings.Url;

    protected override async Task ServeAsync(CancellationToken stop)
    {
        await using var connection = new NatsConnection(_settings);
        await connection.ConnectAsync().AsTask().WaitAsync(stop);
        _inbox = await SubscribeAsync(connection, _subjects.Own, stop);
        _all = await SubscribeAsync(connection, _subjects.All, stop);
        // The answer comes after the subscriptions have reached the server.
        await connection.PingAsync(stop);
        Watch(connection);
        SetUp();
        using var sender = new NatsSender(connection, _subjects, Queue, Metrics);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] parts = [sender.RunAsync(end.Token), ReceiveAsync(_inbox, end.Token), ReceiveAsync(_all, end.Token), LookAsync(connection, end.Token)];
        var first = await Task.WhenAny(parts);
        await end.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private static ValueTask<INatsSub<byte[]>> SubscribeAsync(NatsConnection connection, string subject, CancellationToken stop) =>
        connection.SubscribeCoreAsync(subject, serializer: NatsRawSerializer<byte[]>.Default, cancellationToken: stop);

    private void Watch(NatsConnection connection)
    {
        connection.ConnectionDisconnected += (_, _) => Done(() => SetAway("The connection to the server is lost"));
        connection.ConnectionOpened += (_, _) => Done(SetUp);
        connection.MessageDropped += (_, _) => Done(Receiver.Lost);
        connection.SlowConsumerDetected += (_, _) => Done(Receiver.Lost);
        connection.ServerError += (_, said) => Done(() => Tell(said.Error));
    }

    /// <summary>A password that is no longer good, a subject that is not allowed: the client tries on, and nobody else says why.</summary>
    private void Tell(string error)
    {
        if (_errors.TryTake(out var leftOut))
            ClusterLog.ServerError(Logger, LogText.Of(error), leftOut);
    }

    private static ValueTask Done(Action what)
    {
        what();
        return ValueTask.CompletedTask;
    }

    private async Task ReceiveAsync(INatsSub<byte[]> subscription, CancellationToken stop)
    {
        await foreach (var message in subscription.Msgs.ReadAllAsync(stop))
        {
            // Two subscriptions, but one call at a time.
            lock (_receiving)
                Receiver.Received(message.Data);
        }

        throw new InvalidOperationException("A subscription has ended.");
    }

    /// <summary>Says again what the client's events may have said before somebody listened. Ends, by throwing, when it has given up.</summary>
    private async Task LookAsync(NatsConnection connection, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookInterval, Time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if (connection.ConnectionState is NatsConnectionState.Closed or NatsConnectionState.Failed)
                throw new InvalidOperationException("The client of NATS has given up.");
            if (connection.ConnectionState == NatsConnectionState.Open)
                SetUp();
            else
                SetAway("The connection to the server is lost");
        }
    }
}
