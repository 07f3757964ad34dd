namespace Sailfish.Server.Rooms;

internal static partial class RoomLog
{
    [LoggerMessage(400, LogLevel.Warning, "A push to user {User} on connection {Connection} failed")]
    public static partial void PushFailed(ILogger logger, Exception fault, long user, long connection);

    [LoggerMessage(401, LogLevel.Error, "Pushing {Count} messages to room {Room} of app {App} failed")]
    public static partial void PumpFailed(ILogger logger, Exception fault, int count, long room, long app);

    [LoggerMessage(402, LogLevel.Error, "Mutes and bans that have ended were not deleted; it is tried again in a minute")]
    public static partial void RestrictionsNotRemoved(ILogger logger, Exception fault);

    [LoggerMessage(403, LogLevel.Error, "The log gave no messages of room {Room} of app {App} up to {UpTo}; its members are told that they are behind")]
    public static partial void GapNotRead(ILogger logger, Exception fault, long room, long app, long upTo);

    [LoggerMessage(404, LogLevel.Error, "Users who are banned were not put out of their rooms; it is tried again in a second")]
    public static partial void BannedNotRemoved(ILogger logger, Exception fault);
}
