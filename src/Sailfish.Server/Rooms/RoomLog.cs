namespace Sailfish.Server.Rooms;

internal static partial class RoomLog
{
    [LoggerMessage(400, LogLevel.Warning, "A push to user {User} on connection {Connection} failed")]
    public static partial void PushFailed(ILogger logger, Exception fault, long user, long connection);

    [LoggerMessage(401, LogLevel.Error, "Pushing {Count} messages to room {Room} of app {App} failed")]
    public static partial void PumpFailed(ILogger logger, Exception fault, int count, long room, long app);

    [LoggerMessage(402, LogLevel.Error, "Mutes and bans that have ended were not deleted; it is tried again in a minute")]
    public static partial void RestrictionsNotRemoved(ILogger logger, Exception fault);
}
