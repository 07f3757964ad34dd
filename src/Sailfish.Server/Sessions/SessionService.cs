using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Events;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Text;

namespace Sailfish.Server.Sessions;

/// <summary>LOGIN, LOGOUT, HEARTBEAT, and the end of a session.</summary>
internal sealed class SessionService(
    SessionTable table,
    BearerCheck bearers,
    RevocationTable revocations,
    SuspensionTable suspensions,
    IBus bus,
    EpochClock epochs,
    ServerState state,
    IOptions<SessionsOptions> options,
    AuditLog audit,
    TimeProvider time,
    ILogger<SessionService> logger,
    SharedSessions? shared = null,
    GuestSeats? guests = null)
{
    private const int MaxDeviceLength = 128;
    private const int MaxPlatformLength = 32;

    /// <summary>Gives the connection its session, or tells why not and closes it.</summary>
    public async ValueTask LogInAsync(Connection connection, LoginRequest login, bool appFromToken = false)
    {
        var token = login.Token;
        login = login with { Token = null };
        var identity = await bearers.FindAsync(token);
        if (identity is null)
            Refuse(connection, login, "The token is missing, malformed, expired, revoked, or signed with another secret.");
        else if (identity.User.UserId != login.UserId || (!appFromToken && identity.User.AppId != login.AppId))
            Refuse(connection, login, "The token belongs to another user or app.");
        else if (!IsShort(login.DeviceId, MaxDeviceLength) || !IsShort(login.Platform, MaxPlatformLength))
            Refuse(connection, login, "deviceId or platform is too long, or holds U+0000.");
        else if (!state.IsReady)
            connection.CloseWithBye(ByeReason.Draining, afterMs: Random.Shared.Next(1000, 5000));
        else if (connection.HasPeerLeft)
            // Who waited too long for a server that stood still is on another by now: a session of nobody must not replace his.
            connection.Close();
        else if (identity.IsGuest)
            EnterAsGuest(connection, identity, login);
        else
            await EnterAsync(new Session(connection, identity, login, time.GetUtcNow().ToUnixTimeMilliseconds()), login);
    }

    private async ValueTask EnterAsync(Session session, LoginRequest login)
    {
        if (!(shared is null ? TryEnter(session) : await TryEnterAsync(session, shared)))
        {
            Refuse(session.Connection, login, "The token was revoked.");
            return;
        }

        SessionLog.LoggedIn(logger, session.UserId, session.AppId, session.Connection.Id, session.Protocol);
        // It ended while its token was checked: whoever ended it may have looked before this connection was listed.
        if (!await bearers.IsPageSessionAliveAsync(session.Identity))
            session.Connection.CloseWithBye(ByeReason.SignedOut);
    }

    /// <summary>A guest is known to this node alone: nobody asks where he is, and all that is told of him is a number of viewers.</summary>
    private void EnterAsGuest(Connection connection, TokenIdentity identity, LoginRequest login)
    {
        var address = ClientAddress.Of(connection.RemoteEndPoint);
        if (guests is not { AreWelcome: true })
        {
            Refuse(connection, login, "Guests are not let in here.");
            return;
        }

        if (!guests.TryTake(address))
        {
            connection.SendError(ErrorWords.RateLimited, "Too many guests from this address.", retryAfter: GuestSeats.WaitForSeat);
            connection.Close(WebSocketCloseCode.PolicyViolation);
            return;
        }

        var session = new Session(connection, identity, login, time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            GuestOf = address,
            PacedAs = guests.PacerOf(identity.User, address),
        };
        try
        {
            if (TryEnter(session))
                SessionLog.LoggedIn(logger, session.UserId, session.AppId, connection.Id, session.Protocol);
            else
                Refuse(connection, login, "The token was revoked.");
        }
        finally
        {
            // Who is in gives it back with the end of the session.
            if (connection.Session is null)
                guests.GiveBack(address);
        }
    }

    public ValueTask LogOutAsync(Session session)
    {
        if (shared is not null && !session.IsGuest)
            return LogOutAsync(session, shared);
        LogOut(session);
        return ValueTask.CompletedTask;
    }

    private static void LogOut(Session session)
    {
        session.Connection.Send(FrameCode.Logout, Reply(session), BodyJson.Wire.SessionReply);
        session.Connection.Close();
    }

    /// <param name="session">Whose heartbeat it is.</param>
    /// <param name="viewers">Of the rooms that it is in; null for a client that does not know them.</param>
    public static void Heartbeat(Session session, Dictionary<string, int>? viewers) =>
        session.Connection.Send(FrameCode.Heartbeat, Reply(session) with { Rooms = viewers }, BodyJson.Wire.SessionReply);

    /// <summary>Ends a session that has left its rooms. Called once, when its connection ends.</summary>
    public void End(Session session)
    {
        table.Change(session.User, sessions =>
        {
            if (sessions.Remove(session) && sessions.All.Length == 0 && shared is null && !session.IsGuest)
                Publish(EventTypes.UserOffline, session);
            return true;
        });
        if (session.GuestOf is { } address)
            guests?.GiveBack(address);
        else
            shared?.Leave(session);
        UserPaceTable.Leave(session);
        SessionLog.LoggedOut(logger, session.UserId, session.AppId, session.Connection.Id);
    }

    /// <summary>Closes those of a user's connections; returns how many that were.</summary>
    public int Close(UserKey user, Func<Session, bool> which, ByeReason reason)
    {
        // Under the user's lock: whoever enters now has seen what was voided before, or is seen here.
        var sessions = table.Change(user, user => user.All.Where(which).ToList());
        foreach (var session in sessions)
            session.Connection.CloseWithBye(reason);
        return sessions.Count;
    }

    /// <summary>Voids what lets a user in, and closes all of its connections, on all nodes; returns how many those were.</summary>
    public async ValueTask<int> CloseAsync(UserKey user, ByeReason reason, Func<Task> voidAsync)
    {
        if (shared is not null)
            return await shared.CloseAsync(user, voidAsync, () => Close(user, _ => true, reason), reason);
        await voidAsync();
        return Close(user, _ => true, reason);
    }

    private bool TryEnter(Session session)
    {
        if (table.Change(session.User, sessions => Enter(sessions, session)) is not var (replaced, surplus))
            return false;
        foreach (var other in replaced)
            other.Connection.CloseWithBye(ByeReason.Replaced);
        surplus?.Connection.CloseWithBye(ByeReason.TooManySessions);
        return true;
    }

    /// <summary>
    /// Listed here first, and then where all nodes see it: what is sent to the user from then on comes here, and waits behind
    /// the LOGIN answer. What was sent before, SYNC finds.
    /// </summary>
    private async Task<bool> TryEnterAsync(Session session, SharedSessions shared)
    {
        await session.Connection.Outbox.WhenDrainedAsync();
        if (!table.Change(session.User, sessions => TryList(sessions, session)))
            return false;
        SessionEntry? entry;
        try
        {
            entry = await shared.EnterAsync(session);
        }
        catch
        {
            Unlist(session);
            throw;
        }

        if (entry is { IsRefused: true })
        {
            Unlist(session);
            return false;
        }

        session.Connection.Answer(FrameCode.Login, LoginReply(session), BodyJson.Wire.SessionReply);
        if (entry is not null)
            shared.Take(session, entry);
        return true;
    }

    private bool TryList(UserSessions sessions, Session session)
    {
        if (IsVoid(session))
            return false;
        session.Connection.Hold();
        session.Connection.Session = session;
        sessions.Add(session);
        return true;
    }

    private void Unlist(Session session)
    {
        table.Change(session.User, sessions => sessions.Remove(session));
        session.Connection.Session = null;
        session.Connection.Drop();
    }

    /// <summary>Whether the session's token lets nobody in any more: a kick or a suspension may have come since it was checked.</summary>
    private bool IsVoid(Session session) => revocations.IsRevoked(session.User, session.Identity.MintedAt) || suspensions.IsSuspended(session.User);

    /// <summary>Answered when the acks are stored: whoever comes back through another node does not get those messages again.</summary>
    private static async ValueTask LogOutAsync(Session session, SharedSessions shared)
    {
        await shared.SaveAcksAsync();
        LogOut(session);
    }

    /// <summary>
    /// Under the user's lock: what must go, then the new session, then its LOGIN answer. The outbox's lock is held over the
    /// last two, so that a message for the user can only come after the answer.
    /// </summary>
    private (List<Session> Replaced, Session? Surplus)? Enter(UserSessions sessions, Session session)
    {
        if (IsVoid(session))
            return null;
        var replaced = sessions.All.Where(s => s.DeviceId is not null && s.DeviceId == session.DeviceId).ToList();
        foreach (var other in replaced)
            sessions.Remove(other);
        var surplus = sessions.All.Length >= options.Value.MaxConnectionsPerUser ? sessions.All[0] : null;
        if (surplus is not null)
            sessions.Remove(surplus);
        var comesOnline = sessions.All.Length == 0 && replaced.Count == 0 && surplus is null;

        using (var scope = session.EnterScope())
        {
            session.Connection.Session = session;
            sessions.Add(session);
            scope.Append(FrameCode.Login, LoginReply(session), BodyJson.Wire.SessionReply);
            scope.Outbox.Flush();
        }

        if (comesOnline && !session.IsGuest)
            Publish(EventTypes.UserOnline, session);
        return (replaced, surplus);
    }

    private SessionReply LoginReply(Session session) => session.IsModern
        ? Reply(session) with { ConnectionId = session.ConnectionId, HeartbeatSeconds = options.Value.HeartbeatSeconds, Features = session.Features }
        : Reply(session);

    private static SessionReply Reply(Session session) => new() { AppId = session.AppId, UserId = session.UserId };

    private static bool IsShort(string? text, int most) =>
        text is not { Length: > 0 } || (Characters.IsOneTo(text, most) && Characters.AreStorable(text));

    private void Refuse(Connection connection, LoginRequest login, string message)
    {
        audit.TokenRefused(AuditActor.Client(login.UserId, connection.RemoteEndPoint), message);
        connection.CloseWithError(ErrorWords.BadToken, message);
    }

    private void Publish(string type, Session session)
    {
        if (bus.HasSubscribers)
            bus.Publish(new DomainEvent(type, session.AppId, session.UserId, epochs.Next()));
    }
}
