using Npgsql;
using NpgsqlTypes;

namespace Sailfish.Server.Cluster.Postgres;

/// <summary>
/// The connection that notifies. All that waits goes in one statement, which is a transaction of its own: within another
/// one, commits would queue for the one lock of the notifications.
/// </summary>
internal sealed class NotifySender : IAsyncDisposable
{
    /// <summary>Frames of one statement.</summary>
    private const int MaxFrames = 256;

    /// <summary>A server that needs longer hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly NpgsqlConnection _connection;
    private readonly NotifyChannels _channels;
    private readonly SendQueue _queue;
    private readonly ClusterMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly NpgsqlParameter<string[]> _to = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string[]> _payloads = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlCommand _notify;
    private readonly List<string> _batchTo = [];
    private readonly List<string> _batch = [];
    private Task _execution = Task.CompletedTask;

    private NotifySender(NpgsqlConnection connection, NotifyChannels channels, SendQueue queue, ClusterMetrics metrics, TimeProvider time)
    {
        _connection = connection;
        _channels = channels;
        _queue = queue;
        _metrics = metrics;
        _time = time;
        _notify = new NpgsqlCommand("SELECT pg_notify(c, p) FROM unnest($1, $2) AS t(c, p)", connection) { Parameters = { _to, _payloads } };
    }

    /// <summary>The server's process that its notifications come from.</summary>
    public int Process => _connection.ProcessID;

    public static async Task<NotifySender> OpenAsync(
        string settings, NotifyChannels channels, SendQueue queue, ClusterMetrics metrics, TimeProvider time, CancellationToken cancellationToken)
    {
        var sender = new NotifySender(new NpgsqlConnection(settings), channels, queue, metrics, time);
        try
        {
            await sender._connection.OpenAsync(cancellationToken);
            await sender._notify.PrepareAsync(cancellationToken);
            return sender;
        }
        catch
        {
            await sender.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends what comes until it fails, or is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await _queue.WaitAsync(stop);
            var frames = TakeBatch();
            try
            {
                await ExecuteAsync(stop);
            }
            catch
            {
                // Perhaps the server took them; they are not sent again, so that nothing comes twice.
                _metrics.Dropped(DropReason.Failed, frames);
                throw;
            }

            _metrics.Sent(frames);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A statement that hangs ends by its own time-out; to cancel it, one would have to wait for the server that hangs.
        if (_execution.IsCompleted)
            await CloseAsync();
        else
            _ = CloseLaterAsync();
    }

    /// <summary>Returns how many frames that were; pings are none.</summary>
    private int TakeBatch()
    {
        _batchTo.Clear();
        _batch.Clear();
        var frames = 0;
        // A frame may have many parts; the last one that is taken must still find numbers.
        while (frames < MaxFrames && _batch.Count <= NotifyPayload.MaxParts - NotifyPayload.PartsOf(NotifyBus.LargestFrame) && _queue.TryTake(out var frame))
        {
            if (frame.IsPing)
                _batch.Add("");
            else
                NotifyPayload.Write(frame.Bytes.Span, _batch.Count, _batch.Add);
            while (_batchTo.Count < _batch.Count)
                _batchTo.Add(_channels.Of(frame.Node));
            frames += frame.IsPing ? 0 : 1;
        }

        return frames;
    }

    private async Task ExecuteAsync(CancellationToken stop)
    {
        _to.TypedValue = [.. _batchTo];
        _payloads.TypedValue = [.. _batch];
        // It is left alone rather than cancelled: see DisposeAsync.
        _execution = _notify.ExecuteNonQueryAsync(CancellationToken.None);
        await _execution.WaitAsync(Limit, _time, stop);
    }

    private async Task CloseLaterAsync()
    {
        try
        {
            await _execution;
        }
#pragma warning disable CA1031 // that it fails is known: the bus has been away since
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        await CloseAsync();
    }

    private async Task CloseAsync()
    {
        await _notify.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
