using Microsoft.Extensions.Options;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Identity;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Rooms;

/// <summary>JOIN, LEAVE, and what moderators do.</summary>
internal sealed class RoomService(
    RoomTable table,
    RoomExits exits,
    RoomRestrictions restrictions,
    IMessageHistory history,
    IRoomPolicy policy,
    IBus bus,
    EpochClock epochs,
    IOptions<RoomsOptions> options,
    IRoomFeed? feed = null,
    IRoomCounts? counts = null,
    IRoomRelay? relay = null,
    IRoomNews? news = null,
    IRoomStates? states = null)
{
    private const int MaxHistory = 100;

    /// <summary>
    /// What is in memory of a room's log at a time, and what a JOIN may make the server read of its history in all: about
    /// what a SYNC brings, so that a JOIN is no cheaper way to make the server send much.
    /// </summary>
    private const int PageBytes = 64 * 1024;
    private const int PageCount = 100;

    private readonly RoomViewers _viewers = new(table, counts);

    /// <param name="session">Who joins.</param>
    /// <param name="request">Which room, and how much of its history.</param>
    /// <param name="answer">False on the legacy path, whose LOGIN frame was the answer.</param>
    public async ValueTask JoinAsync(Session session, RoomRequest request, bool answer = true)
    {
        await HearOfAsync(new RoomKey(session.AppId, request.RoomId));
        var refusal = Refusal(session, request);
        var member = refusal is null ? session.FindRoom(new RoomKey(session.AppId, request.RoomId)) : null;
        var isNew = member is null;
        if (member is null && refusal is null)
            (member, refusal) = Enter(session, request);
        if (refusal is not null)
        {
            session.Connection.SendError(refusal.Error, refusal.Message, retryAfter: refusal.RetryAfter, roomId: request.RoomId);
            return;
        }

        try
        {
            // Removed, or at the room's end, before it was answered, and told so: the JOIN is one that came after it.
            if (!await GiveAsync(member!, request, answer, isNew))
                await JoinAsync(session, request, answer);
        }
        catch
        {
            // Half joined, it would be in the room and be given nothing.
            if (isNew)
                exits.Exit(member!);
            throw;
        }
    }

    public void Leave(Session session, long roomId)
    {
        if (!Ids.IsRoom(roomId))
        {
            session.Connection.SendError(ErrorWords.BadRoom, "roomId is not a room's.");
            return;
        }

        if (session.FindRoom(new RoomKey(session.AppId, roomId)) is { } member)
            exits.Exit(member);
        session.Connection.Send(FrameCode.Leave, new RoomReply { RoomId = roomId }, BodyJson.Wire.RoomReply);
    }

    /// <summary>The session's connection ended.</summary>
    public void LeaveAll(Session session)
    {
        foreach (var member in session.Rooms())
            exits.Exit(member);
    }

    /// <summary>Viewers of each room that a session is in, for its heartbeat.</summary>
    public Dictionary<string, int> ViewersOf(Session session) => _viewers.Of(session);

    /// <summary>
    /// Users above an id who are in the room, in the order of their ids, each once; those of other nodes as far as they answer.
    /// </summary>
    public async ValueTask<IReadOnlyList<long>> UsersAsync(RoomKey key, long above, int count, CancellationToken cancellationToken)
    {
        var here = table.Find(key)?.Users(above, count) ?? [];
        if (relay is null)
            return here;
        var elsewhere = await relay.UsersAsync(key, above, count, cancellationToken);
        return [.. here.Union(elsewhere).Order().Take(count)];
    }

    /// <summary>How many guests are in the room; those of other nodes as far as they answer. Who is there through two counts twice.</summary>
    public async ValueTask<int> GuestsAsync(RoomKey key, CancellationToken cancellationToken)
    {
        var here = table.Find(key)?.Guests ?? 0;
        return relay is null ? here : here + await relay.GuestsAsync(key, cancellationToken);
    }

    /// <summary>Whether a user is in the room, here or on another node.</summary>
    public async ValueTask<bool> HasUserAsync(RoomKey key, long userId, CancellationToken cancellationToken) =>
        table.Find(key)?.HasUser(userId) == true || (relay is not null && await relay.HasUserAsync(key, userId, cancellationToken));

    /// <summary>
    /// Removes a user from a room and keeps him out for a time; returns how many connections that were, those on other nodes
    /// as far as they answer.
    /// </summary>
    public async Task<int> KickAsync(RoomKey key, long userId, TimeSpan? ban, CancellationToken cancellationToken)
    {
        if (ban is { } duration)
            await restrictions.SetAsync(new RestrictionKey(key.AppId, key.RoomId, userId, RestrictionKind.Banned), duration, cancellationToken);
        var removed = exits.Remove(key, userId, ban);
        return relay is null ? removed : removed + await relay.KickAsync(key, userId, ban, cancellationToken);
    }

    /// <summary>Tells the members on this node something that is not stored and has no seq.</summary>
    public void AnnounceHere(RoomKey key, int bizCode, string data) => table.Find(key)?.Tell(new Announcement(key.AppId, bizCode, data));

    public Task MuteAsync(RoomKey key, long userId, TimeSpan? duration, CancellationToken cancellationToken) =>
        restrictions.SetAsync(
            new RestrictionKey(key.AppId, key.RoomId, userId, RestrictionKind.Muted),
            duration ?? TimeSpan.FromSeconds(options.Value.DefaultRestrictionSeconds),
            cancellationToken);

    public Task UnmuteAsync(RoomKey key, long userId, CancellationToken cancellationToken) =>
        restrictions.ClearAsync(new RestrictionKey(key.AppId, key.RoomId, userId, RestrictionKind.Muted), cancellationToken);

    /// <summary>Whom a ban kept out may come again.</summary>
    public Task UnbanAsync(RoomKey key, long userId, CancellationToken cancellationToken) =>
        restrictions.ClearAsync(new RestrictionKey(key.AppId, key.RoomId, userId, RestrictionKind.Banned), cancellationToken);

    /// <summary>How much longer the user may not write in the room; null when he may.</summary>
    public TimeSpan? MutedFor(RoomKey key, long userId) =>
        restrictions.Remaining(new RestrictionKey(key.AppId, key.RoomId, userId, RestrictionKind.Muted));

    /// <summary>A room that is not known, and that nobody is in here, may have started on another node a moment ago.</summary>
    private ValueTask HearOfAsync(RoomKey key) =>
        news is null || policy.StatusOf(key) != RoomStatus.Unlisted || table.Find(key) is not null ? default : news.ReadAsync(key);

    private JoinRefusal? Refusal(Session session, RoomRequest request)
    {
        if (!Ids.IsRoom(request.RoomId))
            return new(ErrorWords.BadRoom, "roomId is not a room's.");
        if (request.History is < 0 or > MaxHistory)
            return new(ErrorWords.BadRoom, $"history is 0 to {MaxHistory}.");
        var key = new RoomKey(session.AppId, request.RoomId);
        var status = policy.StatusOf(key);
        if (!IsOpenTo(session.Identity, key.RoomId, isLiving: status != RoomStatus.Unlisted))
            return new(ErrorWords.BadRoom, "The token is not for this room.");
        if (status == RoomStatus.Closed)
            return new(ErrorWords.RoomClosed, "The room is closed.");
        if (status == RoomStatus.Unlisted && !options.Value.JoinUnlisted)
            return new(ErrorWords.BadRoom, "There is no such room.");
        if (restrictions.Remaining(new RestrictionKey(key.AppId, key.RoomId, session.UserId, RestrictionKind.Banned)) is { } left)
            return new(ErrorWords.Banned, "You were removed from this room.", left);
        if (session.FindRoom(key) is null && session.Rooms().Count() >= options.Value.MaxPerConnection)
            return new(ErrorWords.TooManyRooms, $"A connection joins at most {options.Value.MaxPerConnection} rooms.");
        return null;
    }

    /// <summary>
    /// A token that names rooms opens these; an account opens living rooms, and without names nothing else; a guest opens living
    /// rooms, and with names only these.
    /// </summary>
    private static bool IsOpenTo(TokenIdentity identity, long roomId, bool isLiving) => identity.IsGuest
        ? isLiving && identity.Rooms?.Contains(roomId) != false
        : (identity.IsAccount && isLiving) || (identity.Rooms?.Contains(roomId) ?? !identity.IsAccount);

    private (RoomMember? Member, JoinRefusal? Refusal) Enter(Session session, RoomRequest request) =>
        table.Change<(RoomMember?, JoinRefusal?)>(new RoomKey(session.AppId, request.RoomId), room =>
        {
            // Again, under the room's lock: who bans or closes after this look finds the member listed.
            if (Refusal(session, request) is { } refusal)
                return (null, refusal);
            var member = new RoomMember(session, room, states);
            lock (session.Memberships)
                session.Memberships.Add(member);
            member.IsUsersFirst = room.Add(member);
            if (member.IsUsersFirst && !session.IsGuest && bus.HasSubscribers)
                bus.Publish(new DomainEvent(EventTypes.RoomJoined, session.AppId, session.UserId, epochs.Next()) { RoomId = room.Key.RoomId });
            return (member, null);
        });

    /// <summary>Answers the JOIN, and brings what it asked for; false when the member had left before the answer.</summary>
    private async ValueTask<bool> GiveAsync(RoomMember member, RoomRequest request, bool answer, bool isNew)
    {
        var (session, room) = (member.Session, member.Room);
        if (!await BeginAsync(member, request, isNew))
            return false;
        var newest = await history.NewestSeqAsync(room.Conversation, CancellationToken.None);
        var viewers = answer ? (await _viewers.ReadAsync(room.Key, CancellationToken.None)).Viewers : 0;
        if (!member.TryAnswer(answer ? AnswerOf(room, newest, viewers) : null))
            return false;
        if (request.History is > 0 and var wanted)
            await GiveHistoryAsync(member, newest, wanted);
        if (isNew)
            await CatchUpAsync(member, newest);
        policy.Joined(room.Key, session.Identity, _viewers.Of(room));
        if (isNew && member.IsUsersFirst)
            states?.Entered(room.Key, session.Identity);
        if (room.IsEnding)
            exits.End(member, room.End!);
        return true;
    }

    /// <summary>Lets messages come to this node; false when the room turns out not to be open to the member, who is out again.</summary>
    private async ValueTask<bool> BeginAsync(RoomMember member, RoomRequest request, bool isNew)
    {
        var (session, room) = (member.Session, member.Room);
        if (feed is not null)
            await feed.BeginAsync(room);
        if (news is null || !isNew)
            return true;
        await HearAsync(room);
        await news.EnteredAsync(room.Key, session.UserId);
        // An end that was stored before messages came here is brought to nobody here: whoever stayed would stay for ever.
        if (room.End is not null || Refusal(session, request) is null)
            return true;
        exits.Exit(member);
        return false;
    }

    /// <summary>Once for a room, after messages come to it: what is decided later is brought with them.</summary>
    private Task HearAsync(Room room)
    {
        lock (room)
        {
            if (room.Heard is null or { IsFaulted: true })
                room.Heard = ReadNewsAsync(room.Key);
            return room.Heard;
        }
    }

    private async Task ReadNewsAsync(RoomKey key)
    {
        // Not under the room's lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await news!.ReadAsync(key);
    }

    private static RoomReply AnswerOf(Room room, long newest, int viewers) =>
        new() { RoomId = room.Key.RoomId, Conversation = room.Conversation.Name, Seq = newest, Viewers = viewers };

    /// <summary>The newest messages that fit, oldest first.</summary>
    private async ValueTask GiveHistoryAsync(RoomMember member, long newest, int wanted)
    {
        var seq = await history.FindStartAsync(member.Room.Conversation, newest, wanted, PageBytes, CancellationToken.None);
        while (seq < newest)
            seq = await GivePageAsync(member, seq, newest, isHistory: true);
    }

    /// <summary>Brings what was pumped while the join read the log, until nothing is left between the log and the pump.</summary>
    private async ValueTask CatchUpAsync(RoomMember member, long seq)
    {
        for (var round = 0; seq < long.MaxValue; round++)
        {
            // Who reads slower than the room speaks would never get to its end: he is told so, like every member.
            if (member.TryGoLive(seq) || (round > 0 && member.TryFallBehind(seq)))
                return;
            // No more than the pump has passed by: of that it is known what the member sent itself.
            seq = await GivePageAsync(member, seq, member.Room.PumpedSeq, isHistory: false);
        }
    }

    /// <summary>
    /// Writes the next messages up to a seq, as many as are held at a time; returns up to where that was, which is no seq
    /// at all when the member is in the room no more. Waits for a client that reads slower than we write before it reads
    /// the log: nothing is in memory meanwhile.
    /// </summary>
    private async ValueTask<long> GivePageAsync(RoomMember member, long after, long upTo, bool isHistory)
    {
        var connection = member.Session.Connection;
        await connection.Outbox.WhenUncrowdedAsync();
        if (connection.IsClosing)
            return long.MaxValue;
        var count = (int)Math.Min(PageCount, upTo - after);
        var (messages, isWhole) = await history.ReadAsync(member.Room.Conversation, after, count, PageBytes, CancellationToken.None);
        if (!member.TryGive(messages.TakeWhile(m => m.Seq <= upTo), isHistory))
            return long.MaxValue;
        // What is missing then was taken by the retention.
        return isWhole || messages.Count == 0 ? upTo : Math.Min(upTo, messages[^1].Seq);
    }
}
