using System.Text.Json.Serialization;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Page;

/// <summary>Who is in a living room, and whom its anchor keeps from writing or coming, by name.</summary>
internal sealed class LivingPeople(LivingService living, RoomService rooms, RoomRestrictions restrictions, AccountDirectory accounts, SessionTable sessions)
{
    /// <summary>Of one kind: more are nobody's to read.</summary>
    private const int MaxRestrictions = 500;

    public async Task<IResult> MembersAsync(PageCaller caller, RoomKey key, long cursor, int limit, CancellationToken cancellationToken)
    {
        if (await living.FindAsync(key) is null)
            return Envelope.Business("The room is not open.");
        if (!await rooms.HasUserAsync(key, caller.Account.Id, cancellationToken))
            return Envelope.Business("Only viewers in the room see who is there.");
        // Both ask the other nodes, which take their time.
        var guests = rooms.GuestsAsync(key, cancellationToken).AsTask();
        var users = await rooms.UsersAsync(key, cursor, limit + 1, cancellationToken);
        List<long> page = [.. users.Take(limit)];
        return Envelope.Ok(new MembersPage(
            await Task.WhenAll(page.Select(id => NamedAsync(key.AppId, id, cancellationToken))),
            await guests,
            users.Count > limit ? page[^1] : null));
    }

    public async Task<IResult> RestrictionsAsync(PageCaller caller, RoomKey key, CancellationToken cancellationToken)
    {
        if (await living.FindAsync(key) is not { } room)
            return Envelope.Business("The room is not open.");
        if (room.Row.AnchorId != caller.Account.Id)
            return Envelope.Business("Only the anchor sees this.");
        return Envelope.Ok(new
        {
            muted = await ListAsync(key, RestrictionKind.Muted, cancellationToken),
            removed = await ListAsync(key, RestrictionKind.Banned, cancellationToken),
        });
    }

    private async Task<object[]> ListAsync(RoomKey key, RestrictionKind kind, CancellationToken cancellationToken) =>
        await Task.WhenAll(restrictions.In(key, kind).Take(MaxRestrictions).ToList().Select(async restriction =>
        {
            var (userId, nickName, avatar) = await NamedAsync(key.AppId, restriction.Key.UserId, cancellationToken);
            return (object)new { userId, nickName, avatar, until = restriction.Until };
        }));

    /// <summary>As somebody speaks: the token's word goes before the account's.</summary>
    private async Task<Named> NamedAsync(long appId, long userId, CancellationToken cancellationToken)
    {
        var account = await accounts.FindAsync(appId, userId, cancellationToken);
        var token = sessions.Of(new UserKey(appId, userId)) is [.., var newest] ? newest.Identity : null;
        return new Named(userId, token?.Name ?? account?.NickName ?? "", token?.Avatar ?? account?.AvatarUrl ?? Account.DrawnAvatarUrl(userId));
    }

    /// <summary>The cursor stands there on the last page too, as null.</summary>
    private sealed record MembersPage(IReadOnlyList<Named> List, int Guests, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Cursor);

    /// <summary>Somebody as the page shows him.</summary>
    private sealed record Named(long UserId, string NickName, string Avatar);
}
