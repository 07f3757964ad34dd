using System.Globalization;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>The seed's path is LOGIN and JOIN in one: the LOGIN frame answers both.</summary>
internal sealed class LegacyPathLogin(SessionService sessions, RoomService rooms, UserPaceTable paces, ILogger<LegacyPathLogin> logger)
{
    public async ValueTask LogInAsync(Connection connection, LegacyPath path)
    {
        var login = new LoginRequest { Token = path.Token, UserId = long.Parse(path.UserId, CultureInfo.InvariantCulture), Platform = "web" };
        // The path names no app: the token does.
        await sessions.LogInAsync(connection, login, appFromToken: true);
        if (connection.Session is null)
            return;
        if (path.RoomId is { } roomId)
            await JoinAsync(connection, roomId);
    }

    /// <summary>It is logged in by now: a JOIN that fails is a request that failed.</summary>
    private async ValueTask JoinAsync(Connection connection, long roomId)
    {
        if (!paces.TryJoin(connection.Session!, out var wait))
        {
            connection.SendError(ErrorWords.RateLimited, "Too many JOINs.", retryAfter: wait, roomId: roomId);
            return;
        }

        try
        {
            await rooms.JoinAsync(connection.Session!, new RoomRequest { RoomId = roomId }, answer: false);
        }
#pragma warning disable CA1031 // as in FrameHandler: what a request runs into is not the connection's fault
        catch (Exception fault)
#pragma warning restore CA1031
        {
            GatewayLog.RequestFault(logger, fault, connection.Id);
            connection.SendError(ErrorWords.Internal, "The server failed on this request.", roomId: roomId);
        }
    }
}
