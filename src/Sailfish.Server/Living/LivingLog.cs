namespace Sailfish.Server.Living;

internal static partial class LivingLog
{
    [LoggerMessage(500, LogLevel.Information, "Living room {Room} of anchor {Anchor} is open")]
    public static partial void Started(ILogger logger, long room, long anchor);

    [LoggerMessage(501, LogLevel.Information, "Living room {Room} closed: {Reason}")]
    public static partial void Closed(ILogger logger, long room, string reason);

    [LoggerMessage(502, LogLevel.Error, "A step of the living rooms' keeper failed; it is tried again in a second")]
    public static partial void RoundFailed(ILogger logger, Exception fault);

    [LoggerMessage(503, LogLevel.Error, "{Count} living rooms whose anchors stay away could not be closed; it is tried again in a second")]
    public static partial void NotClosed(ILogger logger, Exception failure, int count);
}
