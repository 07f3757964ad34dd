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

    [LoggerMessage(704, LogLevel.Error, "The log gave no messages of {Conversation} after seq {After}; its sessions are told that they are behind")]
    public static partial void GapNotRead(ILogger logger, Exception fault, string conversation, long after);

    [LoggerMessage(705, LogLevel.Error, "The log of {Conversation} ends at seq {Newest}, but {Delivered} was delivered: messages that were stored are lost")]
    public static partial void LogFellBack(ILogger logger, string conversation, long newest, long delivered);

    [LoggerMessage(706, LogLevel.Warning, "Looking for messages that did not come ({Reason}) failed; it is tried again")]
    public static partial void RepairFailed(ILogger logger, Exception fault, string reason);

    [LoggerMessage(707, LogLevel.Information, "Looked for messages that did not come ({Reason}): {Rooms} rooms, {Messages} messages ({LeftOut} such lines left out before)")]
    public static partial void Repaired(ILogger logger, string reason, int rooms, int messages, int leftOut);

    [LoggerMessage(708, LogLevel.Warning, "That messages of room {Room} of app {App} are wanted here no more was not noted; it is tried again")]
    public static partial void RoomNotLeft(ILogger logger, Exception fault, long room, long app);
}
