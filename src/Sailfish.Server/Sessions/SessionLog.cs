namespace Sailfish.Server.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(300, LogLevel.Debug, "User {User} of app {App} logged in on connection {Connection}, protocol {Protocol}")]
    public static partial void LoggedIn(ILogger logger, long user, long app, long connection, int protocol);

    [LoggerMessage(301, LogLevel.Debug, "User {User} of app {App} left connection {Connection}")]
    public static partial void LoggedOut(ILogger logger, long user, long app, long connection);

    [LoggerMessage(302, LogLevel.Error, "Sessions of the page whose time is over were not ended; it is tried again in a minute")]
    public static partial void PageSessionsNotEnded(ILogger logger, Exception fault);

    [LoggerMessage(303, LogLevel.Error, "Whether sessions of the page have ended on other nodes could not be looked at; their connections stay")]
    public static partial void PageSessionsNotSeen(ILogger logger, Exception fault);

    [LoggerMessage(310, LogLevel.Debug, "User {User} of app {App} was let in on connection {Connection}, which other nodes do not know yet")]
    public static partial void NotListed(ILogger logger, long user, long app, long connection);

    [LoggerMessage(311, LogLevel.Error, "The session of connection {Connection} could not be listed; its client is sent away")]
    public static partial void NotListedLate(ILogger logger, Exception fault, long connection);

    [LoggerMessage(312, LogLevel.Error, "The session of connection {Connection} could not be taken off the list; it is there until this node ends")]
    public static partial void NotTakenOut(ILogger logger, Exception fault, long connection);
}
