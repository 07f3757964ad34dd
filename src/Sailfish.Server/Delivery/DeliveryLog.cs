namespace Sailfish.Server.Delivery;

internal static partial class DeliveryLog
{
    [LoggerMessage(400, LogLevel.Warning, "A push to user {User} on connection {Connection} failed")]
    public static partial void PushFailed(ILogger logger, Exception fault, long user, long connection);

    [LoggerMessage(401, LogLevel.Error, "A message of user {User} in {Conversation} was not stored")]
    public static partial void NotStored(ILogger logger, Exception? fault, long user, string conversation);

    [LoggerMessage(402, LogLevel.Error, "Delivering a message of {Conversation} failed")]
    public static partial void DeliveryFailed(ILogger logger, Exception fault, string conversation);

    [LoggerMessage(403, LogLevel.Error, "Acked positions of {Count} conversations were not saved; they are tried again")]
    public static partial void PositionsNotSaved(ILogger logger, Exception fault, int count);
}
