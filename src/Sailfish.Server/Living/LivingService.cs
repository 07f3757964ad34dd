using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>Starts, closes and moderates living rooms.</summary>
internal sealed class LivingService(
    ILivingStore store,
    LivingTable table,
    LivingStarter starter,
    LivingSnapshot snapshot,
    RoomService rooms,
    MessageWriter writer,
    ITagStore tags,
    IOptions<LivingOptions> options,
    TimeProvider time,
    ILogger<LivingService> logger) : IDisposable
{
    /// <summary>
    /// One start, close or save at a time: a room that is being closed is not started again from its last row, and what is
    /// counted is stored once.
    /// </summary>
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<bool> MayStartAsync(long appId, long userId, CancellationToken cancellationToken) =>
        (await tags.ListAsync(appId, userId, cancellationToken)).Contains("vip");

    /// <summary>The anchor's open room, or a new one.</summary>
    public async Task<LivingRoom> StartAsync(long appId, Account anchor, int type, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (table.FindOf(appId, anchor.Id) is { } open)
                return open;
            var row = await starter.StartAsync(new LivingRoomRow(0, appId, anchor.Id, type, anchor.NickName, Now(), 0, 0), cancellationToken);
            var room = table.Add(row, anchor);
            snapshot.Refresh();
            LivingLog.Started(logger, room.Row.Id, anchor.Id);
            return room;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Appends the end to the room's log: what is said before it reaches all who are in the room, then the end does, and
    /// they have left. False when the room was not open any more: closed twice, or both at once.
    /// </summary>
    public async Task<bool> CloseAsync(LivingRoom room, string reason, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Of two who close, one goes on.
            if (table.Find(room.Key) is null)
                return false;
            await StoreClosedAsync(room);
        }
        finally
        {
            _gate.Release();
        }

        snapshot.Refresh();
        LivingLog.Closed(logger, room.Row.Id, reason);
        return true;
    }

    /// <summary>Stores what was counted in all rooms.</summary>
    public async Task SaveCountsAsync()
    {
        await _gate.WaitAsync();
        try
        {
            var changed = table.All().Select(room => (Room: room, Counts: room.Unsaved())).Where(c => c.Counts is not null).ToList();
            if (changed.Count == 0)
                return;
            await store.SaveAsync([.. changed.Select(c => c.Counts!)], CancellationToken.None);
            // Not before: what could not be stored is still to be stored in the next round.
            foreach (var (room, counts) in changed)
                room.MarkSaved(counts!);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The sum of likes with these, of which the room is told at most once a second; null when it is closing.</summary>
    public long? Like(LivingRoom room, int count) => room.Like(Math.Clamp(count, 1, options.Value.MaxLikesPerRequest));

    public void TellLikes(LivingRoom room)
    {
        if (room.TakeUntoldLikes() is { } likes)
            rooms.Announce(room.Key, BizCodes.Likes, new JsonObject { ["roomId"] = room.Row.Id, ["event"] = "likes", ["likes"] = likes }.ToJsonString());
    }

    public void Dispose() => _gate.Dispose();

    private async Task StoreClosedAsync(LivingRoom room)
    {
        try
        {
            var data = new JsonObject { ["roomId"] = room.Row.Id, ["event"] = "room_closed" }.ToJsonString();
            var end = await writer.EndAsync(room.Key, BizCodes.RoomEvent, data, closing => store.CloseAsync(room.Finish(), closing));
            if (end.Stored is null)
                throw new IOException("The end of the room could not be stored.", end.Failure);
            table.Closed(room.Key);
        }
        catch
        {
            // Still open in the store: it goes on, with its members, and can be closed again.
            room.GoOn();
            throw;
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
