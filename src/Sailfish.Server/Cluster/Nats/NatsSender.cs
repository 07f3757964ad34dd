using NATS.Client.Core;

namespace Sailfish.Server.Cluster.Nats;

/// <summary>Hands the frames of the queue to the client, and none while it would wait for a connection.</summary>
internal sealed class NatsSender(NatsConnection connection, NatsSubjects subjects, SendQueue queue, ClusterMetrics metrics) : IDisposable
{
    /// <summary>The client takes a frame at once, unless the server does not read.</summary>
    private static readonly TimeSpan PublishLimit = TimeSpan.FromMilliseconds(200);

    private CancellationTokenSource _limit = new();

    /// <summary>Sends what comes until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await queue.WaitAsync(stop);
            while (queue.TryTake(out var frame))
            {
                if (connection.ConnectionState != NatsConnectionState.Open)
                    metrics.Dropped(DropReason.Away);
                else if (await TryPublishAsync(frame))
                    metrics.Sent(1);
                else
                    metrics.Dropped(DropReason.Failed);
            }
        }
    }

    public void Dispose() => _limit.Dispose();

    private async ValueTask<bool> TryPublishAsync(OutgoingFrame frame)
    {
        try
        {
            var published = connection.PublishAsync(
                subjects.Of(frame.Node), frame.Bytes, serializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default, cancellationToken: _limit.Token);
            // Nearly always it is done by now, and no clock was started.
            if (!published.IsCompleted)
                _limit.CancelAfter(PublishLimit);
            await published;
            return true;
        }
        catch (Exception fault) when (fault is OperationCanceledException or NatsException)
        {
            return false;
        }
        finally
        {
            if (!_limit.TryReset())
            {
                _limit.Dispose();
                _limit = new CancellationTokenSource();
            }
        }
    }
}
