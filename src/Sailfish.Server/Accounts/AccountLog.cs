namespace Sailfish.Server.Accounts;

internal static partial class AccountLog
{
    [LoggerMessage(900, LogLevel.Warning, "That {Count} users are used, {User} of app {App} the first, could not be stored")]
    public static partial void UsersNotNoted(ILogger logger, Exception failure, int count, long user, long app);

    [LoggerMessage(901, LogLevel.Warning, "When a session of the page was last used could not be stored")]
    public static partial void SessionNotTouched(ILogger logger, Exception failure);
}
