using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;
using Sailfish.Server.Text;

namespace Sailfish.Server.Page;

/// <summary>/living/*.</summary>
internal static class LivingPageApi
{
    private const int MaxPageSize = 100;
    private const int MaxPage = 100_000;
    private const int MaxRestrictionSeconds = 86_400;
    private const int MaxMembers = 100;

    public static void MapLivingPage(this RouteGroupBuilder page)
    {
        page.MapPost("/living/startingLiving", StartAsync);
        page.MapPost("/living/edit", EditAsync);
        page.MapPost("/living/closeLiving", CloseAsync);
        page.MapPost("/living/anchorConfig", AnchorConfigAsync);
        page.MapPost("/living/list", ListAsync);
        page.MapPost("/living/records", RecordsAsync);
        page.MapPost("/living/like", LikeAsync);
        page.MapPost("/living/mute", (PageInput? input, PageCaller caller, LivingModeration moderation, CancellationToken cancellationToken) =>
            ModerateAsync(input, caller, moderation.MuteAsync, cancellationToken));
        page.MapPost("/living/unmute", (PageInput? input, PageCaller caller, LivingModeration moderation, CancellationToken cancellationToken) =>
            ModerateAsync(input, caller, moderation.UnmuteAsync, cancellationToken));
        page.MapPost("/living/remove", (PageInput? input, PageCaller caller, LivingModeration moderation, CancellationToken cancellationToken) =>
            ModerateAsync(input, caller, moderation.RemoveAsync, cancellationToken));
        page.MapPost("/living/unremove", (PageInput? input, PageCaller caller, LivingModeration moderation, CancellationToken cancellationToken) =>
            ModerateAsync(input, caller, moderation.UnremoveAsync, cancellationToken));
        page.MapPost("/living/restrictions", RestrictionsAsync);
        page.MapPost("/living/members", MembersAsync);
    }

    private static async Task<IResult> StartAsync(
        PageInput? input, PageCaller caller, LivingService living, NameCheck names, RoomTextCheck texts, CancellationToken cancellationToken)
    {
        if (TypeOf(input) is not { } type)
            return Envelope.Bad("type is 1 (normal) or 2 (PK).");
        if (!await living.MayStartAsync(caller.App.AppId, caller.Account.Id, cancellationToken))
            return Envelope.NotAllowed("Only VIPs start rooms.");
        // The room gets the anchor's name, which may be from before there were rules for names.
        if (!NameRules.TryNickName(caller.Account.NickName, out var name) || await names.HasWordAsync(name, cancellationToken))
            return Envelope.Business("Take another nick name first.");
        var given = await CheckAsync(texts, input!, caller, new RoomKey(caller.App.AppId, 0), cancellationToken);
        if (given.Refusal is not null)
            return given.Refusal;
        var room = await living.StartAsync(caller.App.AppId, caller.Account, type, given.Texts.Name, given.Texts.Announcement ?? "", cancellationToken);
        return Envelope.Ok(new { roomId = room.Row.Id });
    }

    private static async Task<IResult> EditAsync(
        PageInput? input, PageCaller caller, LivingService living, RoomTextCheck texts, CancellationToken cancellationToken)
    {
        if (!TryRoom(input, caller.App, out var key))
            return BadRoom(input);
        if (await living.FindAsync(key) is not { } room)
            return Envelope.Business("The room is not open.");
        if (room.Row.AnchorId != caller.Account.Id)
            return Envelope.Business("Only the anchor edits a room.");
        if (input!.Text("roomName") is null && input.Text("announcement") is null)
            return Envelope.Bad("roomName or announcement is needed.");
        var given = await CheckAsync(texts, input, caller, key, cancellationToken);
        if (given.Refusal is not null)
            return given.Refusal;
        return await living.EditAsync(room, given.Texts.Name, given.Texts.Announcement, cancellationToken) is { } now
            ? Envelope.Ok(new { roomName = now.Name, announcement = now.Announcement })
            : Envelope.Business("The room is not open.");
    }

    private static async Task<(CheckedRoomTexts Texts, IResult? Refusal)> CheckAsync(
        RoomTextCheck check, PageInput input, PageCaller caller, RoomKey room, CancellationToken cancellationToken)
    {
        var texts = await check.CheckAsync(room, caller.Account.Id, input.Text("roomName"), input.Text("announcement"), cancellationToken);
        if (texts.Why is not { } why)
            return (texts, null);
        return (texts, texts.IsMalformed ? Envelope.Bad(why) : Envelope.Business(why));
    }

    private static async Task<IResult> CloseAsync(PageInput? input, PageCaller caller, LivingService living, CancellationToken cancellationToken)
    {
        if (!TryRoom(input, caller.App, out var key))
            return BadRoom(input);
        if (await living.FindAsync(key) is not { } room)
            return Envelope.Business("The room is not open.");
        if (room.Row.AnchorId != caller.Account.Id)
            return Envelope.Business("Only the anchor closes a room.");
        return await living.CloseAsync(room, "by its anchor", cancellationToken) ? Envelope.Ok() : Envelope.Business("The room is not open.");
    }

    private static async Task<IResult> AnchorConfigAsync(
        PageInput? input,
        PageVisitor caller,
        LivingService living,
        RoomViewers viewers,
        RoomService rooms,
        IRoomStreams streams,
        CoverTable covers,
        AccountDirectory accounts,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (caller.Refusal() is { } refusal)
            return refusal;
        if (!TryRoom(input, caller.App, out var key))
            return BadRoom(input);
        var (account, room) = (caller.Account, await living.FindAsync(key));
        var anchor = room is null ? null : await accounts.FindAsync(caller.App.AppId, room.Row.AnchorId, cancellationToken);
        var stream = room is null ? default : streams.Find(key);
        return Envelope.Ok(new
        {
            roomId = room?.Row.Id ?? -1,
            anchorId = room?.Row.AnchorId ?? 0,
            userId = account?.Id ?? 0,
            anchor = account is not null && room?.Row.AnchorId == account.Id,
            roomName = room?.Texts.Name ?? "",
            nickName = account?.NickName ?? "",
            anchorNickName = anchor?.NickName ?? "",
            watcherNickName = account?.NickName ?? "",
            avatar = account?.AvatarUrl ?? "",
            anchorImg = anchor?.AvatarUrl ?? "",
            watcherAvatar = account?.AvatarUrl ?? "",
            defaultBgImg = "",
            pkObjId = 0,
            viewers = room is null ? 0 : (await viewers.ReadAsync(key, cancellationToken)).Viewers,
            likes = room?.Likes ?? 0,
            type = room?.Row.Type ?? 0,
            startTime = room?.Row.StartedAt ?? 0,
            peak = room?.Peak ?? 0,
            announcement = room?.Texts.Announcement ?? "",
            stream = stream.State.ToWord(),
            // A guest who has no id yet gets one where there is something to be seen.
            streamUrl = stream.State == StreamState.Off ? "" : streams.UrlFor(key, caller.User(), await caller.FindSessionAsync()),
            muted = room is not null && account is not null && rooms.MutedFor(key, account.Id) is { } left ? (time.GetUtcNow() + left).ToUnixTimeMilliseconds() : (long?)null,
            covertImg = room is null ? "" : covers.PathOf(room.Row.Id),
        });
    }

    private static IResult ListAsync(PageInput? input, AppTable apps, LivingSnapshot snapshot)
    {
        if (TypeOf(input) is not { } type)
            return Envelope.Bad("type is 1 (normal) or 2 (PK).");
        if (!TryPage(input, out var page, out var pageSize))
            return BadPage();
        var before = input!.Number("before");
        if (before is < 1 || (before is null && input.Text("before") is { Length: > 0 }))
            return Envelope.Bad("before is a room's id.");
        if (!TryOrder(input, before, out var byViewers) || !TrySearch(input, out var search))
            return Envelope.Bad($"sort is new or viewers, before goes with new, q has at most {RoomSearch.MaxLength} characters.");
        var (list, hasNext) = byViewers
            ? snapshot.PageByViewers(apps.First.AppId, type, page, pageSize, search)
            : snapshot.Page(apps.First.AppId, type, page, pageSize, before, search);
        return Envelope.Ok(new { list, hasNext });
    }

    private static async Task<IResult> RecordsAsync(PageInput? input, PageCaller caller, ILivingHistory history, CancellationToken cancellationToken)
    {
        if (!TryPage(input, out var page, out var pageSize))
            return BadPage();
        var records = await history.RecordsAsync(caller.App.AppId, caller.Account.Id, (page - 1) * pageSize, pageSize + 1, cancellationToken);
        var list = records.Take(pageSize).Select(r => new
        {
            id = r.Id,
            roomName = r.Name,
            type = r.Type,
            startTime = r.StartedAt,
            endTime = r.EndedAt,
            peakViewers = r.Peak,
            goodNum = r.Likes,
        });
        return Envelope.Ok(new { list, hasNext = records.Count > pageSize });
    }

    private static async Task<IResult> LikeAsync(
        PageInput? input, PageCaller caller, RoomService rooms, LivingService living, PageRate rate, CancellationToken cancellationToken)
    {
        if (!TryRoom(input, caller.App, out var key) || (input!.Text("count") is not null && input.Number("count") is not > 0))
            return Envelope.Bad("roomId is a room's, count a positive number.");
        if (await living.FindAsync(key) is not { } room)
            return Envelope.Business("The room is not open.");
        var count = (int)Math.Min(int.MaxValue, input.Number("count") ?? 1);
        // Before the look, which in a cluster asks the other nodes.
        if (rate.TakeLikes(caller.Account.Id, count) is { } wait)
            return Envelope.TooOften(wait);
        if (!await rooms.HasUserAsync(key, caller.Account.Id, cancellationToken))
            return Envelope.Business("Only viewers in the room like it.");
        var counted = living.Like(room, count);
        return counted is { } likes ? Envelope.Ok(new { likes }) : Envelope.Business("The room is not open.");
    }

    private static async Task<IResult> MembersAsync(PageInput? input, PageCaller caller, LivingPeople people, CancellationToken cancellationToken)
    {
        if (!TryRoom(input, caller.App, out var key))
            return BadRoom(input);
        if (!TryOptional(input!, "cursor", 0, long.MaxValue, out var cursor) || !TryOptional(input!, "limit", 1, MaxMembers, out var limit))
            return Envelope.Bad($"cursor is what the last page gave, limit 1 to {MaxMembers}.");
        return await people.MembersAsync(caller, key, cursor ?? 0, (int)(limit ?? MaxMembers), cancellationToken);
    }

    private static async Task<IResult> RestrictionsAsync(PageInput? input, PageCaller caller, LivingPeople people, CancellationToken cancellationToken) =>
        TryRoom(input, caller.App, out var key) ? await people.RestrictionsAsync(caller, key, cancellationToken) : BadRoom(input);

    private static async Task<IResult> ModerateAsync(
        PageInput? input, PageCaller caller, Func<PageCaller, long, long, TimeSpan?, CancellationToken, Task<IResult>> act, CancellationToken cancellationToken)
    {
        if (input?.Number("roomId") is not { } roomId || !Ids.IsRoom(roomId) || input.Number("userId") is not { } userId || !Ids.IsUser(userId))
            return Envelope.Bad("roomId and userId are needed.");
        var seconds = input.Number("seconds");
        if (seconds is < 1 or > MaxRestrictionSeconds || (seconds is null && input.Text("seconds") is { Length: > 0 }))
            return Envelope.Bad($"seconds is 1 to {MaxRestrictionSeconds}.");
        return await act(caller, roomId, userId, seconds is { } duration ? TimeSpan.FromSeconds(duration) : null, cancellationToken);
    }

    /// <summary>1 normal, 2 PK.</summary>
    private static int? TypeOf(PageInput? input) => input?.Number("type") switch
    {
        1 => 1,
        2 => 2,
        _ => null,
    };

    private static bool TryOrder(PageInput input, long? before, out bool byViewers)
    {
        var sort = input.Text("sort");
        byViewers = sort == "viewers";
        return byViewers ? before is null : sort is null or "" or "new";
    }

    /// <summary>Empty for none.</summary>
    private static bool TrySearch(PageInput input, out string search)
    {
        var wanted = input.Text("q")?.Trim() ?? "";
        var isShort = wanted.Length == 0 || Characters.IsOneTo(wanted, RoomSearch.MaxLength);
        search = isShort ? RoomSearch.KeyOf(wanted) : "";
        return isShort;
    }

    /// <summary>Null where it is not given; false where it is no number of that range.</summary>
    private static bool TryOptional(PageInput input, string name, long least, long most, out long? value)
    {
        value = input.Number(name);
        return value is { } given ? given >= least && given <= most : input.Text(name) is null or "";
    }

    private static bool TryRoom(PageInput? input, AppConfig app, out RoomKey key)
    {
        var id = input?.Number("roomId") ?? 0;
        key = new RoomKey(app.AppId, id);
        return Ids.IsRoom(id);
    }

    private static bool TryPage(PageInput? input, out int page, out int pageSize)
    {
        var (p, size) = (input?.Number("page") ?? 0, input?.Number("pageSize") ?? 0);
        page = (int)Math.Clamp(p, 0, MaxPage);
        pageSize = (int)Math.Clamp(size, 0, MaxPageSize);
        return p is >= 1 and <= MaxPage && size is >= 1 and <= MaxPageSize;
    }

    private static IResult BadRoom(PageInput? input) => Envelope.Bad(input is null ? PageInput.Unreadable : "roomId is needed.");

    private static IResult BadPage() => Envelope.Bad($"page is 1 or more, pageSize 1 to {MaxPageSize}.");
}
