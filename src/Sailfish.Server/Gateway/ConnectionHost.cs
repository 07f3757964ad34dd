using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>What every connection goes through, top-down: admitted, listed, served, removed, closed in good order.</summary>
internal sealed class ConnectionHost(
    ConnectionTable connections,
    ConnectionLimiter limiter,
    SessionService sessions,
    ClosingConnections closing,
    ServerState state,
    IOptions<GatewayOptions> options,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<ConnectionHost> logger)
{
    /// <summary>How long a closing connection may go on sending before it is cut.</summary>
    private static readonly TimeSpan LingerLimit = TimeSpan.FromSeconds(1);

    /// <summary>Silence that counts as "all that was under way has arrived".</summary>
    private static readonly TimeSpan LingerSilence = TimeSpan.FromMilliseconds(50);

    /// <param name="transport">The socket.</param>
    /// <param name="dialect">How frames stand on it.</param>
    /// <param name="greeting">Sent before anything else: the answer to a WebSocket's handshake.</param>
    /// <param name="opening">Runs first, on an admitted connection: the legacy path's login.</param>
    /// <param name="serve">Reads frames until the peer or the server ends the connection.</param>
    public async Task RunAsync(
        ConnectionContext transport,
        Dialect dialect,
        ReadOnlyMemory<byte> greeting,
        Func<Connection, ValueTask>? opening,
        Func<Connection, Task> serve)
    {
        var connection = new Connection(connections.NextId(), transport, dialect, options.Value.MaxOutboxBytes, time);
        connections.Add(connection);
        metrics.Opened(dialect);
        try
        {
            connection.Outbox.Send(greeting.Span);
            if (Admit(connection))
            {
                if (opening is not null)
                    await opening(connection);
                await serve(connection);
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
            await sessions.EndAsync(connection);
            connections.Remove(connection);
            // A receipt or a push that is on its way finds a closed outbox, not a pipe that Kestrel has completed.
            connection.Outbox.Close();
            metrics.Closed(dialect);
            // A RECEIPT may still come out of the log: the pipe behind the outbox ends with this connection.
            connection.Outbox.Close();
        }

        await LingerAsync(transport.Transport.Input, connection);
        closing.Watch(transport);
        // The transport must not end under a flush; a peer that never reads is cut meanwhile.
        await connection.Outbox.WhenDrainedAsync();
    }

    private bool Admit(Connection connection)
    {
        // Came while the listener closes, after the others were told.
        if (state.IsDraining)
        {
            connection.CloseWithBye(ByeReasons.Draining, afterMs: Random.Shared.Next(1000, 5000), reconnect: true);
            return false;
        }

        if (connections.Count > options.Value.MaxConnections)
        {
            connection.CloseWithBye(ByeReasons.ServerFull, afterMs: Random.Shared.Next(1000, 10_000), reconnect: true);
            return false;
        }

        if (!limiter.TryAcquire(connection.RemoteEndPoint, out var retryAfter))
        {
            connection.SendError(ErrorWords.RateLimited, "Too many new connections from this address.", retryAfterMs: (long)retryAfter.TotalMilliseconds);
            connection.Close(WebSocketCloseCode.PolicyViolation);
            return false;
        }

        return true;
    }

    /// <summary>
    /// Reads on and throws away for a moment after the last frame was sent: closing a socket that has unread input makes
    /// the kernel send a reset, which can overtake that frame.
    /// </summary>
    private async Task LingerAsync(PipeReader input, Connection connection)
    {
        if (!connection.IsClosing)
            return;
        var until = time.GetTimestamp();
        try
        {
            while (time.GetElapsedTime(until) < LingerLimit)
            {
                using var silence = new CancellationTokenSource(LingerSilence, time);
                var result = await input.ReadAsync(silence.Token);
                input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ConnectionAbortedException or InvalidOperationException)
        {
            // Silence, or the peer is gone: both are what was waited for.
        }
    }
}
