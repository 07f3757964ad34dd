using Microsoft.Extensions.Options;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>
/// The anchors of several nodes: each notes in the store who is in the own room there, or whose stream comes in there, and one of
/// the nodes closes rooms whose anchors are noted no more, by the store's clock.
/// </summary>
internal sealed class SharedAnchorWatch(
    ISharedLiving shared, LivingTable table, RoomTable rooms, IRoomStreams streams, ILeader leader, CalmTime calm, IOptions<LivingOptions> options, TimeProvider time) : IAnchorWatch
{
    /// <summary>What the node that closes rooms leads in.</summary>
    public const string Lead = "anchors";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>A round of the keeper.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private long? _notedAt;

    /// <summary>Between two notes of an anchor who stays.</summary>
    private TimeSpan Interval => TimeSpan.FromSeconds(Math.Clamp(options.Value.AnchorAwaySeconds / 3.0, Shortest.TotalSeconds, Longest.TotalSeconds));

    /// <summary>
    /// From the last note on: who leaves was there until just before the next one, which comes in one of the keeper's rounds, so
    /// nobody gets less than is set.
    /// </summary>
    private TimeSpan Away => TimeSpan.FromSeconds(options.Value.AnchorAwaySeconds) + Interval + Shortest;

    public void LookIn(LivingRoom room)
    {
    }

    public async Task NoteAsync()
    {
        var now = time.GetTimestamp();
        if (_notedAt is { } at && time.GetElapsedTime(at, now) < Interval)
            return;
        long[] here = [.. table.All().Where(IsKeptHere).Select(room => room.Row.Id)];
        if (here.Length > 0)
            await shared.NoteAnchorsAsync(here, CancellationToken.None);
        _notedAt = now;
    }

    public async Task<IReadOnlyList<LivingRoom>> FindDesertedAsync()
    {
        if (!await calm.LeadAsync(() => leader.TryLeadAsync(Lead, CancellationToken.None)) || !calm.IsLongEnough)
            return [];
        try
        {
            var deserted = (await shared.ListDesertedAsync(Away, CancellationToken.None)).ToHashSet();
            // One that this node has not heard of is closed in the next second.
            return [.. table.All().Where(room => deserted.Contains(room.Row.Id) && !rooms.HasAnchor(room) && !streams.Find(room.Key).KeepsOpen)];
        }
        catch
        {
            calm.End();
            throw;
        }
    }

    public ValueTask CloseAsync(LivingCounts last, Submission end) => shared.CloseDesertedAsync(last, end, Away);

    /// <summary>The anchor is in the room, or the stream comes in, through this node: as long as that is so, it says so.</summary>
    private bool IsKeptHere(LivingRoom room) => rooms.HasAnchor(room) || streams.Find(room.Key) is { KeepsOpen: true, IsHere: true };
}
