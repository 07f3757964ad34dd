using Sailfish.Server.Cluster;
using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Tests.Server.Cluster;

/// <summary>A bus that keeps what it is given.</summary>
internal sealed class SentFrames(int maxMessageBytes = FrameHeader.MaxFrameBytes) : IClusterBus
{
    private readonly List<(long Node, byte[] Frame)> _frames = [];

    public BusHealth Health { get; set; } = BusHealth.Up;

    public int MaxFrameBytes => FrameHeader.MaxFrameBytes;

    public int MaxMessageBytes => maxMessageBytes;

    public void Start()
    {
    }

    public bool TrySend(long node, ReadOnlyMemory<byte> frame, bool isMore = false)
    {
        if (Health == BusHealth.Away)
            return false;
        lock (_frames)
            _frames.Add((node, frame.ToArray()));
        return true;
    }

    public bool TryBroadcast(ReadOnlyMemory<byte> frame, bool isMore = false) => TrySend(OutgoingFrame.ToAll, frame);

    public void Flush()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What was sent since this was asked last.</summary>
    public List<(long Node, byte[] Frame)> Take()
    {
        lock (_frames)
        {
            List<(long, byte[])> taken = [.. _frames];
            _frames.Clear();
            return taken;
        }
    }

    /// <summary>The same, their headers.</summary>
    public List<(long Node, FrameHeader Header)> TakeHeaders() => [.. Take().Select(sent =>
    {
        Assert.Equal(FrameFault.None, FrameReader.ReadHeader(sent.Frame, out var header));
        return (sent.Node, header);
    })];
}
