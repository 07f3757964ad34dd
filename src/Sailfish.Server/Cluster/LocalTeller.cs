using System.Threading.Channels;
using Sailfish.Server.Delivery;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Tells an app's users who are on this node what is told by other nodes and is not stored. Many may be here, and whoever reads frames
/// cannot wait: some of it waits here, and what is too much is left out.
/// </summary>
internal sealed class LocalTeller(Broadcaster broadcaster, ILogger<LocalTeller> logger) : BackgroundService
{
    private const int MaxWaiting = 1024;

    private readonly Channel<Announcement> _waiting = Channel.CreateBounded<Announcement>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Add(Announcement announcement) => _waiting.Writer.TryWrite(announcement);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var announcement in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                broadcaster.Tell(announcement);
            }
#pragma warning disable CA1031 // the next one is told all the same
            catch (Exception fault)
#pragma warning restore CA1031
            {
                ClusterLog.NotTold(logger, fault);
            }
        }
    }
}
