using System.Data.Common;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Server.Delivery;
using Sailfish.Server.Messaging;
using Sailfish.Server.Pacing;
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
    FrameGate gate,
    GatewayMetrics metrics,
    MessageMetrics messageMetrics,
    TimeProvider time,
    ILogger<FrameHandler> logger)
{
    /// <summary>While the store is away each request fails.</summary>
    private readonly LogPace _storeFaults = new(new Rate(PerSecond: 1, Burst: 5), time);

    /// <summary>Handles what was read. Returns when the next frame may be handled (see FrameGate).</summary>
    public ValueTask HandleAsync(Connection connection, FrameReadStatus status, Frame frame)
    {
        if (status != FrameReadStatus.Frame)
        {
            connection.CloseWithError(ErrorWords.BadFrame, Explain(status));
            return ValueTask.CompletedTask;
        }

        metrics.FrameIn();
        var request = new FrameRequest(connection);
        var handled = Handle(connection, frame, ref request);
        return handled.IsCompletedSuccessfully
            ? gate.PassAsync(connection, request.Cost())
            : FinishAsync(handled, connection, request);
    }

    private async ValueTask FinishAsync(ValueTask handled, Connection connection, FrameRequest request)
    {
        try
        {
            await handled;
        }
#pragma warning disable CA1031 // what a request runs into, the store's faults above all, is not the connection's fault
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(connection, fault, request);
        }

        await gate.PassAsync(connection, request.Cost());
    }

    private ValueTask Handle(Connection connection, Frame frame, ref FrameRequest request)
    {
        try
        {
            return Dispatch(connection, frame, ref request);
        }
#pragma warning disable CA1031 // as above
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Fail(connection, fault, request);
            return ValueTask.CompletedTask;
        }
    }

    private void Fail(Connection connection, Exception fault, FrameRequest request)
    {
        if (fault is not DbException)
            GatewayLog.RequestFault(logger, fault, connection.Id);
        else if (_storeFaults.TryTake(out var leftOut))
            GatewayLog.StoreFault(logger, fault, connection.Id, leftOut);
        if (fault is DbException && request.IsMessage)
        {
            // What has to be known before it is stored could not be read: for its sender that is the same as when the write fails.
            messageMetrics.Refused(ErrorWords.NotStored);
            connection.SendError(ErrorWords.NotStored, Submission.NotStored, request.ClientMsgId, retryAfter: TimeSpan.FromSeconds(1));
            return;
        }

        connection.SendError(ErrorWords.Internal, "The server failed on this request.", request.ClientMsgId, roomId: request.RoomId);
    }

    private ValueTask Dispatch(Connection connection, Frame frame, ref FrameRequest request)
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
            FrameCode.Message => Read(connection, frame, BodyJson.Wire.MessageBody, out var message) ? SayAsync(session, message, ref request) : default,
            FrameCode.Ack => Read(connection, frame, BodyJson.Wire.AckBody, out var ack) ? AckAsync(session, ack, ref request) : default,
            FrameCode.Sync => Read(connection, frame, BodyJson.Wire.SyncRequest, out var pull) ? SyncAsync(session, pull, ref request) : default,
            FrameCode.Join => Read(connection, frame, BodyJson.Wire.RoomRequest, out var join) ? JoinAsync(session, join, ref request) : default,
            FrameCode.Leave => Read(connection, frame, BodyJson.Wire.RoomRequest, out var leave) ? Leave(session, leave, ref request) : default,
            FrameCode.Heartbeat => IsObject(connection, frame) ? Heartbeat(session) : default,
            FrameCode.Logout => IsObject(connection, frame) ? sessions.LogOutAsync(session) : default,
            _ => RefuseCode(connection),
        };
    }

    private ValueTask SayAsync(Session session, MessageBody message, ref FrameRequest request)
    {
        (request.IsMessage, request.HasOwnLimit, request.ClientMsgId) = (true, true, message.ClientMsgId);
        return messages.HandleAsync(session, message);
    }

    private ValueTask AckAsync(Session session, AckBody ack, ref FrameRequest request)
    {
        request.HasOwnLimit = session.Connection.Outbox.TryTakeAck();
        return acks.HandleAsync(session, ack);
    }

    private ValueTask SyncAsync(Session session, SyncRequest body, ref FrameRequest request)
    {
        // One that asks for nothing costs nothing: clients send it to learn that all before it was answered.
        if (body.After is { Count: 0 })
            return sync.HandleAsync(session, body);
        request.HasOwnLimit = paces.TrySync(session, body.After?.Count ?? 0, out var wait);
        return request.HasOwnLimit ? sync.HandleAsync(session, body) : RefuseAsync(session, "Too many SYNCs.", wait);
    }

    private ValueTask JoinAsync(Session session, RoomRequest body, ref FrameRequest request)
    {
        request.RoomId = body.RoomId;
        request.HasOwnLimit = paces.TryJoin(session, out var wait);
        return request.HasOwnLimit ? rooms.JoinAsync(session, body) : RefuseAsync(session, "Too many JOINs.", wait, body.RoomId);
    }

    private ValueTask Leave(Session session, RoomRequest body, ref FrameRequest request)
    {
        request.RoomId = body.RoomId;
        rooms.Leave(session, body.RoomId);
        return ValueTask.CompletedTask;
    }

    private ValueTask Heartbeat(Session session)
    {
        SessionService.Heartbeat(session, session.IsModern ? rooms.ViewersOf(session) : null);
        return ValueTask.CompletedTask;
    }

    private static ValueTask RefuseCode(Connection connection)
    {
        connection.SendError(ErrorWords.UnexpectedCode, "Only the server sends this code.");
        return ValueTask.CompletedTask;
    }

    private static ValueTask RefuseAsync(Session session, string message, TimeSpan wait, long? roomId = null)
    {
        session.Connection.SendError(ErrorWords.RateLimited, message, retryAfter: wait, roomId: roomId);
        return ValueTask.CompletedTask;
    }

    private ValueTask LogInAsync(Connection connection, Frame frame)
    {
        if (BodyJson.TryRead(frame.Body, BodyJson.Wire.LoginRequest, out var login))
            return sessions.LogInAsync(connection, login);
        if (BodyJson.IsObject(frame.Body))
            connection.CloseWithError(ErrorWords.BadToken, "The LOGIN body is malformed.");
        else
            connection.CloseWithError(ErrorWords.BadFrame, "The body is not a JSON object.");
        return ValueTask.CompletedTask;
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

    private static string Explain(FrameReadStatus status) => status switch
    {
        FrameReadStatus.BadMagic => "The magic number is not 18673.",
        FrameReadStatus.UnknownCode => "The code is unknown.",
        FrameReadStatus.BadLength => "The length is negative or over the limit.",
        _ => "The message is not a frame of this dialect.",
    };
}
