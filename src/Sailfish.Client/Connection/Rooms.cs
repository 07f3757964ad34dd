using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Sailfish.Client.Receiving;
using Sailfish.Client.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Connection;

/// <summary>The rooms that were joined, and are joined again on each new connection.</summary>
internal sealed class Rooms(Inbox inbox, Action<long> closed, Action<long, string, long?> left, IClientEvents events)
{
    private readonly ConcurrentDictionary<long, bool> _joined = [];

    /// <summary>Of joined rooms that tell it.</summary>
    private readonly ConcurrentDictionary<long, RoomState> _states = [];

    /// <summary>The name of what is said in a room.</summary>
    public static string ConversationOf(long roomId) => "r:" + roomId.ToString(CultureInfo.InvariantCulture);

    public async Task<RoomInfo> JoinAsync(Session session, long roomId, int history)
    {
        var conversation = ConversationOf(roomId);
        inbox.ExpectRoom(conversation);
        try
        {
            var frame = await session.Requests.CallAsync(JoinRequest(roomId, history));
            var reply = Read(frame);
            return new RoomInfo(roomId, conversation, reply.Seq ?? 0, reply.Viewers ?? 0) { State = RoomState.Of(reply), StreamUrl = reply.StreamUrl ?? "" };
        }
        catch (SailfishException e) when (!_joined.ContainsKey(roomId) && !e.IsConnectionLost)
        {
            inbox.LeaveRoom(conversation);
            throw;
        }
    }

    public async Task LeaveAsync(Session session, long roomId)
    {
        var frame = OutboundFrame.Of(FrameCode.Leave, new RoomRequest { RoomId = roomId }, BodyJson.Wire.RoomRequest);
        await session.Requests.CallAsync(new Request(
            frame,
            reply => Read(reply) is { Reason: null } body && body.RoomId == roomId,
            error => ErrorOwners.IsOfRoom(error, roomId),
            _ => TryForget(roomId)));
    }

    /// <summary>Joins again what was joined before; what cannot be joined any more is told and forgotten.</summary>
    public async Task RejoinAsync(Session session, TimeProvider time, CancellationToken cancellation)
    {
        foreach (var roomId in _joined.Keys)
        {
            while (await TryRejoinAsync(session, roomId) is { } delay)
                await Task.Delay(delay, time, cancellation);
        }
    }

    public void OnClosed(long roomId)
    {
        if (TryForget(roomId))
            closed(roomId);
    }

    public void OnLeft(long roomId, string reason, long? retryAfterMs)
    {
        if (TryForget(roomId))
            left(roomId, reason, retryAfterMs);
    }

    /// <summary>A room told what has changed of it.</summary>
    public void OnState(string? data)
    {
        // Without the whole, which the join brought, there is nothing that it changes.
        if (ReadState(data) is not { } change || !_states.TryGetValue(change.RoomId, out var known))
            return;
        Tell(change.RoomId, known.With(change), change.Joined ?? []);
        if (change.Viewers is { } viewers)
            events.ViewersAre(change.RoomId, viewers);
    }

    /// <summary>Gives how long to wait before trying again; null when there is no need to.</summary>
    private async Task<TimeSpan?> TryRejoinAsync(Session session, long roomId)
    {
        try
        {
            await session.Requests.CallAsync(JoinRequest(roomId, 0));
        }
        catch (SailfishException e) when (e.Error is ErrorWords.RateLimited or ErrorWords.Internal)
        {
            return TimeSpan.FromMilliseconds(Math.Clamp(e.RetryAfterMs ?? 1000, 1, int.MaxValue));
        }
        catch (SailfishException e) when (e.Error == ErrorWords.RoomClosed)
        {
            OnClosed(roomId);
        }
        catch (SailfishException e) when (!e.IsConnectionLost)
        {
            OnLeft(roomId, e.Error, e.RetryAfterMs);
        }

        return null;
    }

    private Request JoinRequest(long roomId, int history)
    {
        var body = new RoomRequest { RoomId = roomId, History = history };
        return new Request(
            OutboundFrame.Of(FrameCode.Join, body, BodyJson.Wire.RoomRequest),
            frame => Read(frame).RoomId == roomId,
            error => ErrorOwners.IsOfRoom(error, roomId),
            frame => OnJoined(roomId, history, Read(frame)));
    }

    private void OnJoined(long roomId, int history, RoomReply reply)
    {
        _joined[roomId] = true;
        if (RoomState.Of(reply) is { } state)
            Tell(roomId, state, []);
        inbox.JoinRoom(ConversationOf(roomId), reply.Seq ?? 0, history);
    }

    private void Tell(long roomId, RoomState state, IReadOnlyList<string> joined)
    {
        _states[roomId] = state;
        events.RoomIs(roomId, state, joined);
    }

    private static RoomStateData? ReadState(string? data)
    {
        try
        {
            return JsonSerializer.Deserialize(data ?? "null", BodyJson.Wire.RoomStateData);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool TryForget(long roomId)
    {
        inbox.LeaveRoom(ConversationOf(roomId));
        _states.TryRemove(roomId, out _);
        return _joined.TryRemove(roomId, out _);
    }

    private static RoomReply Read(InboundFrame frame) => frame.Read(BodyJson.Wire.RoomReply);
}
