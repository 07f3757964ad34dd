using System.Globalization;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway;

/// <summary>The seed's path is LOGIN and JOIN in one: the LOGIN frame answers both.</summary>
internal sealed class LegacyPathLogin(SessionService sessions, RoomService rooms)
{
    public async ValueTask LogInAsync(Connection connection, LegacyPath path)
    {
        var login = new LoginRequest { Token = path.Token, UserId = long.Parse(path.UserId, CultureInfo.InvariantCulture), Platform = "web" };
        // The path names no app: the token does.
        if (!await sessions.LogInAsync(connection, login, appFromToken: true))
            return;
        if (path.RoomId is { } roomId)
            await rooms.JoinAsync(connection.Session!, new RoomRequest { RoomId = roomId }, answer: false);
    }
}
