using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Living;

/// <summary>Starts, edits, closes and moderates living rooms.</summary>
internal sealed class LivingService(
    ILivingStore store,
    LivingTable table,
    ILivingStarter starter,
    LivingSnapshot snapshot,
    RoomService rooms,
    RoomStates states,
    MessageWriter writer,
    ITagStore tags,
    IOptions<LivingOptions> options,
    TimeProvider time,
    ILogger<LivingService> logger,
    LivingFollower? follower = null) : IDisposable
{
    /// <summary>
    /// One start, close or save at a time: a room that is being closed is not started again from its last row, and what is
    /// counted is stored once.
    /// </summary>
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<bool> MayStartAsync(long appId, long userId, CancellationToken cancellationToken) =>
        (await tags.ListAsync(appId, userId, cancellationToken)).Contains("vip");

    /// <summary>A room that is open, also one that started on another node just now.</summary>
    public async ValueTask<LivingRoom?> FindAsync(RoomKey key)
    {
        if (table.Find(key) is { } known)
            return known;
        if (follower is not null)
            await follower.ReadAsync(key);
        return table.Find(key);
    }

    /// <summary>The anchor's open room, or a new one.</summary>
    /// <param name="appId">The app of the page.</param>
    /// <param name="anchor">Whose it is.</param>
    /// <param name="type">1 normal, 2 PK.</param>
    /// <param name="name">Of a new room; null for the anchor's.</param>
    /// <param name="announcement">Of a new room.</param>
    /// <param name="cancellationToken">Cancels it as long as nothing is stored.</param>
    public async Task<LivingRoom> StartAsync(
        long appId, Account anchor, int type, string? name, string announcement, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var (row, known) = (new LivingRoomRow(0, appId, anchor.Id, type, name ?? anchor.NickName, Now(), 0, 0, announcement), table.FindOf(appId, anchor.Id));
            var room = await starter.StartAsync(row, anchor, cancellationToken);
            if (room == known)
                return room;
            snapshot.Refresh();
            LivingLog.Started(logger, room.Row.Id, anchor.Id);
            return room;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes the texts that are given, as they are to be shown; null when the room is not open any more.</summary>
    public async Task<LivingTexts?> EditAsync(LivingRoom room, string? name, string? announcement, CancellationToken cancellationToken)
    {
        if (await store.EditAsync(room.Row.Id, name, announcement, cancellationToken) is not { } stored)
            return null;
        room.NoteTexts(stored);
        snapshot.Refresh();
        states.Tell(room);
        return LivingTexts.Of(stored);
    }

    /// <summary>
    /// Appends the end to the room's log: what is said before it reaches all who are in the room, then the end does, and
    /// they have left. False when the room was not open any more: closed twice, or both at once.
    /// </summary>
    public Task<bool> CloseAsync(LivingRoom room, string reason, CancellationToken cancellationToken) => CloseAsync(room, reason, store.CloseAsync, cancellationToken);

    /// <inheritdoc cref="CloseAsync(LivingRoom, string, CancellationToken)"/>
    /// <param name="room">Which one.</param>
    /// <param name="reason">For the log.</param>
    /// <param name="close">Closes it in the store.</param>
    /// <param name="cancellationToken">Cancels it as long as nothing is stored.</param>
    public async Task<bool> CloseAsync(LivingRoom room, string reason, Func<LivingCounts, Submission, ValueTask> close, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Of two who close, one goes on.
            if (table.Find(room.Key) is null || !await TryStoreClosedAsync(room, close))
                return false;
        }
        finally
        {
            _gate.Release();
        }

        snapshot.Refresh();
        LivingLog.Closed(logger, room.Row.Id, reason);
        return true;
    }

    /// <summary>Stores what was counted in all rooms; then takes what came to, where other nodes count, too.</summary>
    public async Task ExchangeCountsAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await SaveCountsAsync();
            if (follower is not null)
                await follower.RefreshAsync();
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
            rooms.AnnounceHere(room.Key, BizCodes.Likes, new JsonObject { ["roomId"] = room.Row.Id, ["event"] = "likes", ["likes"] = likes }.ToJsonString());
    }

    public void Dispose() => _gate.Dispose();

    private async Task SaveCountsAsync()
    {
        // Also of rooms that another node has closed: what was counted here belongs to the record.
        var ended = table.TakeEnded();
        var changed = table.All().Concat(ended).Select(room => (Room: room, Counts: room.Unsaved())).Where(c => c.Counts is not null).ToList();
        if (changed.Count == 0)
            return;
        try
        {
            await store.SaveAsync([.. changed.Select(c => c.Counts!)], CancellationToken.None);
        }
        catch
        {
            table.PutBack(ended);
            throw;
        }

        // Not before: what could not be stored is still to be stored in the next round.
        foreach (var (room, counts) in changed)
            room.MarkSaved(counts!);
    }

    /// <summary>False when another node was faster.</summary>
    private async Task<bool> TryStoreClosedAsync(LivingRoom room, Func<LivingCounts, Submission, ValueTask> close)
    {
        try
        {
            var last = room.Finish();
            var data = new JsonObject { ["roomId"] = room.Row.Id, ["event"] = "room_closed" }.ToJsonString();
            var end = await writer.EndAsync(room.Key, BizCodes.RoomEvent, data, closing => close(last, closing));
            if (end.Stored is null && !end.IsTooLate)
                throw new IOException("The end of the room could not be stored.", end.Failure);
            if (end.Stored is not null)
                room.MarkSaved(last);
            table.Closed(room.Key);
            return end.Stored is not null;
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
