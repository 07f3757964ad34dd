namespace Sailfish.Server.Living;

internal static partial class LivingLog
{
    [LoggerMessage(500, LogLevel.Information, "Living room {Room} of anchor {Anchor} is open")]
    public static partial void Started(ILogger logger, long room, long anchor);

    [LoggerMessage(501, LogLevel.Information, "Living room {Room} closed: {Reason}")]
    public static partial void Closed(ILogger logger, long room, string reason);

    [LoggerMessage(505, LogLevel.Error, "Covers of rooms could not be looked at; it is tried again in a second")]
    public static partial void CoversNotRead(ILogger logger, Exception fault);

    [LoggerMessage(502, LogLevel.Error, "A step of the living rooms' keeper failed; it is tried again in a second")]
    public static partial void RoundFailed(ILogger logger, Exception fault);

    [LoggerMessage(503, LogLevel.Error, "{Count} living rooms whose anchors stay away could not be closed; it is tried again in a second")]
    public static partial void NotClosed(ILogger logger, Exception failure, int count);

    [LoggerMessage(504, LogLevel.Debug, "The name of somebody who came into living room {Room} could not be read")]
    public static partial void NotNamed(ILogger logger, Exception fault, long room);
}
