namespace Sailfish.Server.Page;

internal static partial class PageLog
{
    [LoggerMessage(800, LogLevel.Error, "A request of the page to {Path} failed")]
    public static partial void RequestFailed(ILogger logger, Exception fault, string path);
}
