using System.Threading.Channels;
using Sailfish.Server.Cluster.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Cluster;

/// <summary>
/// Tells those who are on this node what is told by other nodes and is not stored. Many may be here, and whoever reads frames
/// cannot wait: some of it waits here, and what is too much is left out.
/// </summary>
internal sealed class LocalTeller(RoomService rooms, Broadcaster broadcaster, ILogger<LocalTeller> logger) : BackgroundService
{
    private const int MaxWaiting = 1024;

    private readonly Channel<ControlItem> _waiting = Channel.CreateBounded<ControlItem>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Add(ControlItem item) => _waiting.Writer.TryWrite(item);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                Tell(item);
            }
#pragma warning disable CA1031 // the next one is told all the same
            catch (Exception fault)
#pragma warning restore CA1031
            {
                ClusterLog.NotTold(logger, fault);
            }
        }
    }

    private void Tell(ControlItem item)
    {
        if (item is ControlItem.RoomAnnouncement inRoom)
            rooms.Tell(new RoomKey(inRoom.AppId, inRoom.RoomId), new Announcement(inRoom.AppId, inRoom.BizCode, inRoom.Data, inRoom.MsgId));
        else if (item is ControlItem.AppAnnouncement toAll)
            broadcaster.Tell(new Announcement(toAll.AppId, toAll.BizCode, toAll.Data, toAll.MsgId));
    }
}
