using System.Threading.Channels;

namespace Sailfish.Server.Cluster;

/// <summary>
/// The frames between those who send and the one task that speaks to the server. Where a frame finds it full, the oldest one
/// goes: what is newest is what receivers miss most, and the log has the rest.
/// </summary>
internal sealed class SendQueue(ClusterMetrics metrics)
{
    public const int Capacity = 1024;

    private readonly Channel<OutgoingFrame> _frames = Channel.CreateBounded<OutgoingFrame>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest },
        frame => metrics.Dropped(DropReason.QueueFull, frame.IsPing ? 0 : 1));

    public void Add(OutgoingFrame frame) => _frames.Writer.TryWrite(frame);

    /// <summary>The bus is away: nothing of it is sent later, when it would be old.</summary>
    public void Drop()
    {
        while (_frames.Reader.TryRead(out var frame))
            metrics.Dropped(DropReason.Away, frame.IsPing ? 0 : 1);
    }

    public bool TryTake(out OutgoingFrame frame) => _frames.Reader.TryRead(out frame);

    /// <summary>Waits until there is one.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _frames.Reader.WaitToReadAsync(cancellationToken);
}
