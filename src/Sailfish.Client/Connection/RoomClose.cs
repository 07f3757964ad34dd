using Sailfish.Client.Sending;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Client.Connection;

/// <summary>The message that tells a room's members that it is closed (docs/protocol.md, section 2).</summary>
internal static class RoomClose
{
    private const string Event = "room_closed";

    /// <summary>The room that is closed; null when the message says something else.</summary>
    public static long? Read(int bizCode, ChatData data) => bizCode == BizCodes.RoomEvent && data.Event == Event ? data.RoomId : null;

    public static long? Read(SailfishMessage message) =>
        message.BizCode == BizCodes.RoomEvent ? Read(message.BizCode, ChatJson.Read(message.Data)) : null;
}
