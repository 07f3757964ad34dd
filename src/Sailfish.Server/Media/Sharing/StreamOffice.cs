using Sailfish.Server.Conversations;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Media.Sharing;

/// <summary>What moderators and anchors ask and do, whichever node the stream comes in through, and whoever watches where.</summary>
internal sealed class StreamOffice(StreamTable streams, IStreamDirectory directory, IStreamPeers? peers = null)
{
    /// <summary>Null where there is no stream.</summary>
    public async ValueTask<StreamReport?> FindAsync(RoomKey room, CancellationToken cancellationToken)
    {
        var here = streams.Find(room) is { } stream ? StreamReport.Of(stream) : null;
        var known = directory.Find(room);
        if (peers is null || (here is null && known is null))
            return here;
        var all = (await peers.ListAsync(room, cancellationToken)).ToList();
        if (here is not null)
            all.Add(here);
        var owner = all.Find(report => !report.IsRelayed) ?? (known is null ? null : StreamReport.Of(known));
        return owner is null ? null : owner with { Viewers = all.Sum(report => report.Viewers), LateViewers = all.Sum(report => report.LateViewers) };
    }

    /// <summary>Ends it for all; false where there is none.</summary>
    public async ValueTask<bool> StopAsync(RoomKey room, CancellationToken cancellationToken) =>
        TryStopHere(room) || (peers is not null && await peers.StopAsync(room, cancellationToken));

    /// <summary>Likewise, where it comes in through this node.</summary>
    public bool TryStopHere(RoomKey room) => streams.Find(room) is { IsRelayed: false } stream && streams.TryEnd(stream, CutReason.Stopped);

    /// <summary>Ends the answers of a user who was put out of a room, and the stream where it is his. He may come back.</summary>
    public async ValueTask PutOutAsync(RoomKey room, UserKey user, CancellationToken cancellationToken)
    {
        streams.PutOut(room, user);
        if (peers is not null)
            await peers.PutOutAsync(room, user.UserId, cancellationToken);
    }
}
