namespace Sailfish.Server.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(300, LogLevel.Debug, "User {User} of app {App} logged in on connection {Connection}, protocol {Protocol}")]
    public static partial void LoggedIn(ILogger logger, long user, long app, long connection, int protocol);

    [LoggerMessage(301, LogLevel.Debug, "User {User} of app {App} left connection {Connection}")]
    public static partial void LoggedOut(ILogger logger, long user, long app, long connection);

    [LoggerMessage(302, LogLevel.Error, "Sessions of the page whose time is over were not ended; it is tried again in a minute")]
    public static partial void PageSessionsNotEnded(ILogger logger, Exception fault);
}
