using Sailfish.Client.Sending;

namespace Sailfish.Client.Connection;

/// <summary>The message that tells a room's members that it is closed (docs/protocol.md, section 2).</summary>
internal static class RoomClose
{
    private const int BizCode = 5570;
    private const string Event = "room_closed";

    /// <summary>The room that is closed; null when the message says something else.</summary>
    public static long? Read(int bizCode, ChatData data) => bizCode == BizCode && data.Event == Event ? data.RoomId : null;

    public static long? Read(SailfishMessage message) =>
        message.BizCode == BizCode ? Read(message.BizCode, ChatJson.Read(message.Data)) : null;
}
