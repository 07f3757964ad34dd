using Npgsql;

namespace Sailfish.Server.Cluster.Postgres;

/// <summary>The connection that listens to this node's channel and to that of all.</summary>
internal sealed class NotifyListener : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NotifyParts _parts = new(NotifyBus.LargestFrame);
    private readonly NotifyChannels _channels;
    private readonly IBusReceiver _receiver;
    private readonly ClusterMetrics _metrics;
    private readonly TimeProvider _time;
    private int _ownProcess;
    private long _pingAt;

    private NotifyListener(NpgsqlConnection connection, NotifyChannels channels, IBusReceiver receiver, ClusterMetrics metrics, TimeProvider time)
    {
        _connection = connection;
        _channels = channels;
        _receiver = receiver;
        _metrics = metrics;
        _time = time;
        _pingAt = time.GetTimestamp();
        connection.Notification += (_, notification) => Take(notification);
    }

    /// <summary>How long ago the last ping of this node itself came through.</summary>
    public TimeSpan SincePing => _time.GetElapsedTime(Volatile.Read(ref _pingAt));

    public static async Task<NotifyListener> OpenAsync(
        string settings, NotifyChannels channels, IBusReceiver receiver, ClusterMetrics metrics, TimeProvider time, CancellationToken cancellationToken)
    {
        var listener = new NotifyListener(new NpgsqlConnection(settings), channels, receiver, metrics, time);
        try
        {
            await listener._connection.OpenAsync(cancellationToken);
            return listener;
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on, what is notified comes.</summary>
    /// <param name="ownProcess">The process of this node's sender, whose broadcasts are not taken.</param>
    /// <param name="cancellationToken">The bus is stopped.</param>
    public async Task ListenAsync(int ownProcess, CancellationToken cancellationToken)
    {
        _ownProcess = ownProcess;
        await using var listen = new NpgsqlCommand($"LISTEN \"{_channels.Own}\"; LISTEN \"{_channels.All}\"", _connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
        Volatile.Write(ref _pingAt, _time.GetTimestamp());
    }

    /// <summary>Takes what comes until the connection is lost, or it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
            await _connection.WaitAsync(stop);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Take(NpgsqlNotificationEventArgs notification)
    {
        if (notification.Payload.Length == 0)
            Volatile.Write(ref _pingAt, _time.GetTimestamp());
        else if (notification.PID != _ownProcess || notification.Channel != _channels.All)
            TakePart(notification);
    }

    private void TakePart(NpgsqlNotificationEventArgs notification)
    {
        if (!NotifyPayload.TryRead(notification.Payload, out var isLast, out var bytes))
            _metrics.Refused("not_base64");
        else if (_parts.Add(notification.PID, notification.Channel, bytes, isLast) is { } frame)
            _receiver.Received(frame);
    }
}
