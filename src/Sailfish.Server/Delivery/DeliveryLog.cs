namespace Sailfish.Server.Delivery;

internal static partial class DeliveryLog
{
    /// <summary>Why, the store has logged once for all that it concerns.</summary>
    [LoggerMessage(700, LogLevel.Debug, "A message of user {User} in {Conversation} was not stored")]
    public static partial void NotStored(ILogger logger, long user, string conversation);

    [LoggerMessage(701, LogLevel.Error, "Delivering a message of {Conversation} failed")]
    public static partial void DeliveryFailed(ILogger logger, Exception fault, string conversation);

    [LoggerMessage(702, LogLevel.Error, "Acked positions of {Count} conversations were not saved; they are tried again")]
    public static partial void PositionsNotSaved(ILogger logger, Exception fault, int count);

    [LoggerMessage(703, LogLevel.Error, "Dispatching a batch failed")]
    public static partial void BatchFailed(ILogger logger, Exception fault);
}
