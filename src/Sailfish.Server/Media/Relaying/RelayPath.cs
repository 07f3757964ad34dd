using System.Globalization;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Media.Relaying;

/// <summary>Where nodes fetch streams from each other.</summary>
internal static class RelayPath
{
    /// <summary>Of the request: the node that asks. Whoever asks with it gets what comes in through the node that is asked, and nothing that this one would have to fetch itself.</summary>
    public const string Header = "Sailfish-Relay";

    public const string Template = "/internal/live/{app:long}/{room:long}.flv";

    public static string Of(RoomKey room) => string.Create(CultureInfo.InvariantCulture, $"/internal/live/{room.AppId}/{room.RoomId}.flv");
}
