using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Delivery;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>Where a frame goes, by its code.</summary>
internal sealed class FrameHandler(
    SessionService sessions,
    MessageService messages,
    AckService acks,
    SyncService sync,
    RoomService rooms,
    UserPaceTable paces,
    GatewayMetrics metrics)
{
    /// <summary>
    /// Handles what was read. Returns when the next frame may be handled: not before the connection reads its answers,
    /// if many wait for it.
    /// </summary>
    public ValueTask HandleAsync(Connection connection, FrameReadStatus status, Frame frame)
    {
        if (status != FrameReadStatus.Frame)
        {
            connection.CloseWithError(ErrorWords.BadFrame, Explain(status));
            return ValueTask.CompletedTask;
        }

        metrics.FrameIn();
        var handled = Dispatch(connection, frame);
        return handled.IsCompletedSuccessfully && !connection.Outbox.IsCrowded
            ? ValueTask.CompletedTask
            : FinishAsync(handled, connection);
    }

    private static async ValueTask FinishAsync(ValueTask handled, Connection connection)
    {
        await handled;
        while (connection.Outbox.IsCrowded && !connection.IsClosing)
            await connection.Outbox.WhenDrainedAsync();
    }

    private ValueTask Dispatch(Connection connection, Frame frame)
    {
        var session = connection.Session;
        if (frame.Code == FrameCode.Login)
            return session is null ? LogInAsync(connection, frame) : ValueTask.CompletedTask;
        if (session is null)
        {
            connection.CloseWithError(ErrorWords.NotLoggedIn, "Send LOGIN first.");
            return ValueTask.CompletedTask;
        }

        // What a client that is gone still asks for would be read from the log for nobody. Its messages are taken.
        if (connection.Outbox.IsBroken && frame.Code is (FrameCode.Sync or FrameCode.Join))
            return ValueTask.CompletedTask;
        return frame.Code switch
        {
            FrameCode.Message => Read(connection, frame, BodyJson.Wire.MessageBody, out var message) ? messages.HandleAsync(session, message) : default,
            FrameCode.Ack => Read(connection, frame, BodyJson.Wire.AckBody, out var ack) ? acks.HandleAsync(session, ack) : default,
            FrameCode.Sync => Read(connection, frame, BodyJson.Wire.SyncRequest, out var request) ? SyncAsync(session, request) : default,
            FrameCode.Join => Read(connection, frame, BodyJson.Wire.RoomRequest, out var join) ? JoinAsync(session, join) : default,
            FrameCode.Leave => Read(connection, frame, BodyJson.Wire.RoomRequest, out var leave) ? Done(() => rooms.Leave(session, leave.RoomId)) : default,
            FrameCode.Heartbeat => IsObject(connection, frame) ? Done(() => SessionService.Heartbeat(session)) : default,
            FrameCode.Logout => IsObject(connection, frame) ? Done(() => SessionService.LogOut(session)) : default,
            _ => Done(() => connection.SendError(ErrorWords.UnexpectedCode, "Only the server sends this code.")),
        };
    }

    private ValueTask SyncAsync(Session session, SyncRequest request)
    {
        // One that asks for nothing costs nothing: clients send it to learn that all before it was answered.
        if (request.After is { Count: 0 } || paces.TrySync(session, request.After?.Count ?? 0, out var wait))
            return sync.HandleAsync(session, request);
        return RefuseAsync(session, "Too many SYNCs.", wait);
    }

    private ValueTask JoinAsync(Session session, RoomRequest request) =>
        paces.TryJoin(session, out var wait)
            ? rooms.JoinAsync(session, request)
            : RefuseAsync(session, "Too many JOINs.", wait, request.RoomId);

    private static ValueTask RefuseAsync(Session session, string message, TimeSpan wait, long? roomId = null) =>
        Done(() => session.Connection.SendError(
            ErrorWords.RateLimited, message, retryAfterMs: (long)Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)), roomId: roomId));

    private async ValueTask LogInAsync(Connection connection, Frame frame)
    {
        if (BodyJson.TryRead(frame.Body, BodyJson.Wire.LoginRequest, out var login))
            await sessions.LogInAsync(connection, login);
        else if (BodyJson.IsObject(frame.Body))
            connection.CloseWithError(ErrorWords.BadToken, "The LOGIN body is malformed.");
        else
            connection.CloseWithError(ErrorWords.BadFrame, "The body is not a JSON object.");
    }

    private static bool Read<T>(Connection connection, Frame frame, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, out T body)
        where T : class
    {
        if (BodyJson.TryRead(frame.Body, type, out var read))
        {
            body = read;
            return true;
        }

        body = null!;
        if (IsObject(connection, frame))
            connection.SendError(ErrorWords.BadBody, "A member of the body has the wrong type.");
        return false;
    }

    private static bool IsObject(Connection connection, Frame frame)
    {
        if (BodyJson.IsObject(frame.Body))
            return true;
        connection.CloseWithError(ErrorWords.BadFrame, "The body is not a JSON object.");
        return false;
    }

    private static ValueTask Done(Action action)
    {
        action();
        return ValueTask.CompletedTask;
    }

    private static string Explain(FrameReadStatus status) => status switch
    {
        FrameReadStatus.BadMagic => "The magic number is not 18673.",
        FrameReadStatus.UnknownCode => "The code is unknown.",
        FrameReadStatus.BadLength => "The length is negative or over the limit.",
        _ => "The message is not a frame of this dialect.",
    };
}
