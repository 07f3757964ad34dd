using System.Net;
using Microsoft.Extensions.Options;
using Sailfish.Media.Rtmp;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Media.Publishing;

/// <summary>Who may publish to which room: an anchor to the own one, by key or from the page.</summary>
internal sealed class PublishDesk(
    StreamKeys keys,
    IStreamDirectory streams,
    StreamTable table,
    StreamAccess access,
    LivingTable rooms,
    ILivingHistory history,
    LivingService living,
    AccountDirectory accounts,
    SuspensionTable suspensions,
    AppTable apps,
    WrongKeys wrong,
    ServerState state,
    IOptions<MediaOptions> options,
    MediaMetrics metrics,
    TimeProvider time)
{
    /// <summary>RFC 6455 has no such code; it is in the registry of them.</summary>
    private const int TryAgainLater = 1013;

    /// <summary>Anchors and their rooms that were closed while they published: encoders, which come back by themselves, start none.</summary>
    private readonly Dictionary<UserKey, long> _closed = [];
    private readonly Lock _gate = new();

    /// <summary>By what an encoder was given.</summary>
    public async ValueTask<PublishAnswer> ByKeyAsync(RtmpPublish request, IPublisher connection, EndPoint? remote)
    {
        if (RtmpTarget.Parse(request) is not { } target)
            return Refuse("app", RtmpStatus.PublishDenied, $"The server's address ends in /{RtmpTarget.App}.");
        if (await keys.ReadAsync(apps.First.AppId, target.Key, CancellationToken.None) is not var (user, generation))
        {
            return wrong.Note(ClientAddress.Of(remote))
                ? Refuse("wrong_keys", RtmpStatus.PublishBadName, "Too many wrong stream keys. Wait a minute.")
                : Refuse("wrong_key", RtmpStatus.PublishBadName, "The stream key is wrong.");
        }

        var (room, refusal) = await RoomOfAsync(user, target.RoomId);
        if (room is null)
            return refusal!;
        return await BeginAsync(room, new Publication(user, connection, Now()) { KeyGeneration = generation });
    }

    /// <summary>From the page, where somebody is signed in.</summary>
    public async ValueTask<PublishAnswer> ByPageAsync(UserKey user, string? pageSession, IPublisher connection)
    {
        if (rooms.FindOf(user.AppId, user.UserId) is not { } room)
            return Refuse("no_room", RtmpStatus.PublishDenied, "Start your room first.");
        return await BeginAsync(room, new Publication(user, connection, Now()) { PageSession = pageSession });
    }

    /// <summary>Ends a stream whose room has closed while its anchor published, or might have come back; false where the room is open.</summary>
    public bool TryEndClosed(LiveStream stream)
    {
        if (rooms.Find(stream.Room) is not null)
            return false;
        if (options.Value.StartRoomOnPublish && stream.Anchor is { } anchor)
        {
            lock (_gate)
                _closed[anchor] = stream.Room.RoomId;
        }

        table.TryEnd(stream, CutReason.RoomClosed);
        return true;
    }

    private async ValueTask<(LivingRoom? Room, PublishAnswer? Refusal)> RoomOfAsync(UserKey user, long? named)
    {
        // Encoders come back within milliseconds, before the next sweep.
        foreach (var stream in table.All())
            TryEndClosed(stream);
        var room = rooms.FindOf(user.AppId, user.UserId);
        if (room is null && named is null && options.Value.StartRoomOnPublish)
        {
            // All that would refuse the publisher is asked before a room is opened that stays empty.
            if (RefusalOf(user) is { } refusal)
                return (null, refusal);
            if (!table.HasPlace)
                return (null, NotBegun(StreamTable.TooMany));
            if (await IsStartedByKeyAsync(user))
                room = await StartAsync(user);
        }

        if (room is null)
            return (null, Refuse("no_room", RtmpStatus.PublishDenied, "Start your room first."));
        return named is null || named == room.Row.Id ? (room, null) : (null, Refuse("other_room", RtmpStatus.PublishDenied, "The room is not yours, or not open."));
    }

    /// <summary>Not while the last room of the anchor is the one that was closed over it: he has to start another one himself.</summary>
    private async ValueTask<bool> IsStartedByKeyAsync(UserKey user)
    {
        long closed;
        lock (_gate)
        {
            if (!_closed.TryGetValue(user, out closed))
                return true;
        }

        var last = await history.RecordsAsync(user.AppId, user.UserId, skip: 0, take: 1, CancellationToken.None);
        return last.Any(room => room.Id > closed);
    }

    private async Task<LivingRoom?> StartAsync(UserKey user)
    {
        if (!await living.MayStartAsync(user.AppId, user.UserId, CancellationToken.None)
            || await accounts.FindAsync(user.AppId, user.UserId, CancellationToken.None) is not { } account)
            return null;
        return await living.StartAsync(user.AppId, account, type: 1, name: null, announcement: "", CancellationToken.None);
    }

    private async ValueTask<PublishAnswer> BeginAsync(LivingRoom room, Publication publication)
    {
        if (RefusalOf(publication.User) is { } hindrance)
            return hindrance;
        if (access.IsBarred(room.Key, publication.User))
            return Refuse("put_out", RtmpStatus.PublishDenied, "You were put out of this room.");
        var (stream, refusal) = await streams.BeginAsync(room.Key, publication);
        return stream is null ? NotBegun(refusal!) : new PublishAnswer(stream, publication, null, null, 0);
    }

    /// <summary>Why somebody may publish nowhere; null when he may.</summary>
    private PublishAnswer? RefusalOf(UserKey user)
    {
        if (state.IsDraining)
            return Refuse("draining", RtmpStatus.PublishDenied, "The server stops. Try again in a moment.", WebSocketCloseCode.GoingAway);
        return suspensions.IsSuspended(user) ? Refuse("suspended", RtmpStatus.PublishDenied, "This account is suspended.") : null;
    }

    private PublishAnswer NotBegun(string why) => Refuse("not_begun", RtmpStatus.PublishDenied, why, TryAgainLater);

    private PublishAnswer Refuse(string word, string code, string why, int closeCode = WebSocketCloseCode.PolicyViolation)
    {
        metrics.Refused(word);
        return new PublishAnswer(null, null, code, why, closeCode);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>What somebody who wants to publish is told.</summary>
/// <param name="Stream">The stream to publish to; null when it may not.</param>
/// <param name="Publication">As what.</param>
/// <param name="Code">RTMP's word for the refusal.</param>
/// <param name="Why">For a person.</param>
/// <param name="CloseCode">A WebSocket's word for it, which says whether to come again.</param>
internal sealed record PublishAnswer(LiveStream? Stream, Publication? Publication, string? Code, string? Why, int CloseCode);
