using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Hosting;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>What every connection goes through, top-down: admitted, listed, served, removed, closed in good order.</summary>
internal sealed class ConnectionHost(
    ConnectionTable connections,
    FrameLoop frames,
    WebSocketLoop webSockets,
    LegacyPathLogin legacy,
    SessionService sessions,
    RoomService rooms,
    ClosingConnections closing,
    ServerState state,
    IOptions<GatewayOptions> options,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<ConnectionHost> logger)
{
    private static readonly Linger Linger = new(limit: TimeSpan.FromSeconds(1), silence: TimeSpan.FromMilliseconds(50), mostBytes: 256 * 1024);

    public async Task RunAsync(Transport transport, Opening opening, ConnectionSlot slot)
    {
        var connection = new Connection(connections.NextId(), transport, opening.Dialect, options.Value.MaxOutboxBytes, time);
        connections.Add(connection);
        metrics.Opened(opening.Dialect);
        try
        {
            if (Admit(connection, slot))
            {
                if (opening.Path is { } path)
                    await legacy.LogInAsync(connection, path);
                await (connection.IsWebSocket ? webSockets.RunAsync(connection) : frames.RunAsync(connection));
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            GatewayLog.Disconnected(logger, connection.Id, gone.Message);
        }
#pragma warning disable CA1031 // one connection's fault must not reach the listener; it is logged and the connection ends
        catch (Exception fault)
#pragma warning restore CA1031
        {
            GatewayLog.ConnectionFault(logger, fault, connection.Id);
            connection.CloseWithError(ErrorWords.Internal, "The server failed on this connection.");
        }
        finally
        {
            // First out of all tables: whoever logs in again must not meet this session.
            if (connection.Session is { } session)
            {
                rooms.LeaveAll(session);
                sessions.End(session);
            }

            connections.Remove(connection);
            metrics.Closed(connection.Dialect);
            // A receipt or a push that is on its way finds a closed outbox, not a transport that has ended.
            connection.Outbox.Close();
        }

        if (connection.IsClosing && !await Linger.TryDrainAsync(connection.Input, time))
            connection.Abort("The peer sends on and on.");
        closing.Watch(transport);
        // The transport must not end under a flush; a peer that never reads is cut meanwhile.
        await connection.Outbox.WhenDrainedAsync();
    }

    private bool Admit(Connection connection, ConnectionSlot slot)
    {
        // Came while the listener closes, after the others were told.
        if (state.IsDraining)
        {
            connection.CloseWithBye(ByeReason.Draining, afterMs: Random.Shared.Next(1000, 5000));
            return false;
        }

        switch (slot.Refusal)
        {
            case Refusal.ServerFull:
                connection.CloseWithBye(ByeReason.ServerFull, afterMs: Random.Shared.Next(1000, 10_000));
                return false;
            case Refusal.TooManyOfAddress:
                connection.SendError(ErrorWords.RateLimited, LastWords.TooMany, retryAfter: slot.RetryAfter);
                connection.Close(WebSocketCloseCode.PolicyViolation);
                return false;
            case Refusal.NoProxyHeader:
                connection.CloseWithError(ErrorWords.BadFrame, "The proxy did not say for whom the connection is.");
                return false;
            default:
                return true;
        }
    }
}
