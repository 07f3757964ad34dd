namespace Sailfish.Protocol.Bodies;

/// <summary>The stable words of ERROR frames. docs/protocol.md, section 1, says which of them close the connection.</summary>
public static class ErrorWords
{
    public const string BadFrame = "bad_frame";
    public const string BadBody = "bad_body";
    public const string UnexpectedCode = "unexpected_code";
    public const string NotLoggedIn = "not_logged_in";
    public const string BadToken = "bad_token";
    public const string BadTarget = "bad_target";
    public const string BadData = "bad_data";
    public const string BadContent = "bad_content";
    public const string BadClientMsgId = "bad_client_msg_id";
    public const string ContentRefused = "content_refused";
    public const string UnknownBizCode = "unknown_biz_code";
    public const string NotJoined = "not_joined";
    public const string BadRoom = "bad_room";
    public const string RoomClosed = "room_closed";
    public const string TooManyRooms = "too_many_rooms";
    public const string RateLimited = "rate_limited";
    public const string Muted = "muted";
    public const string Banned = "banned";
    public const string Guest = "guest";
    public const string Behind = "behind";
    public const string BadSync = "bad_sync";
    public const string Forbidden = "forbidden";
    public const string NotStored = "not_stored";
    public const string Internal = "internal";
}
