namespace Sailfish.LoadTest.Results;

/// <summary>Under which keys the results of plans are found again.</summary>
internal static class Keys
{
    internal const string IdleTcp = "idle/tcp";
    internal const string IdleWs = "idle/ws";
    internal const string IdleSignalR = "idle/signalr";
    internal const string IdleNats = "idle/nats";
    internal const string IdleUWebSockets = "idle/uwebsockets";
    internal const string RoomTcp = "room/tcp";
    internal const string RoomWsBinary = "room/ws-binary";
    internal const string RoomWsJson = "room/ws-json";
    internal const string RoomWsLegacy = "room/ws-legacy";
    internal const string RoomSignalR = "room/signalr";
    internal const string RoomFloor = "room/floor";
    internal const string RoomNats = "room/nats";
    internal const string RoomUWebSockets = "room/uwebsockets";
    internal const string RoomRate20 = "room/20 a second";
    internal const string RoomRate2 = "room/2 a second";
    internal const string RoomRate2Floor = "room/floor, 2 a second";
    internal const string Direct = "direct";
    internal const string DirectRate = "direct/rate";
    internal const string Store = "store";
    internal const string Abuse = "abuse";
    internal const string Storm = "storm";
    internal const string RoomsMany = "rooms/many";
    internal const string RoomsOne = "rooms/one";
    internal const string SlowWithout = "slow/without";
    internal const string SlowWith = "slow/with";

    internal const string Video = "video";
    internal const string VideoHttp = "video/http";
    internal const string VideoDead = "video/dead";
    internal const string VideoChat = "video/chat";

    internal const string ClusterAppend = "cluster/append";
    internal const string ClusterDirectRate = "cluster/direct rate";
    internal const string ClusterStorm = "cluster/storm";
    internal const string ClusterPlace = "cluster/place";
    internal const string ClusterDeath = "cluster/death";

    /// <summary>Before the number of members.</summary>
    internal const string Growth = "growth/";

    /// <summary>Before the number of members, who are on three nodes.</summary>
    internal const string ClusterRoom = "cluster/room of ";

    /// <summary>Before the number of nodes that have members.</summary>
    internal const string ClusterOver = "cluster/room over ";

    /// <summary>For what no target is about.</summary>
    internal const string None = "";
}
