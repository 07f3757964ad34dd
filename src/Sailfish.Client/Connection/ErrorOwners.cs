using Sailfish.Protocol.Bodies;

namespace Sailfish.Client.Connection;

/// <summary>What an ERROR without a <c>clientMsgId</c> can be about, by its word and the room that it names (docs/protocol.md, section 1).</summary>
internal static class ErrorOwners
{
    /// <summary>Whether it can answer a JOIN or LEAVE of the room.</summary>
    public static bool IsOfRoom(ErrorBody error, long roomId) =>
        error.RoomId is { } named ? named == roomId && !IsOfMessages(error.Error) : !IsOfMessages(error.Error) && !IsOfSyncs(error.Error);

    /// <summary>Whether it can answer a SYNC of the conversation; null for a SYNC of none or all.</summary>
    public static bool IsOfSync(ErrorBody error, string? conversation) =>
        !IsOfMessages(error.Error) && !IsOfRooms(error.Error) && (error.RoomId is not { } named || conversation == Rooms.ConversationOf(named));

    /// <summary>Whether a user to whom this is said of a room is not in it any more.</summary>
    public static bool EndsMembership(string word) =>
        word is ErrorWords.Banned or ErrorWords.BadRoom or ErrorWords.NotJoined;

    private static bool IsOfMessages(string word) => word
        is ErrorWords.BadTarget
        or ErrorWords.BadData
        or ErrorWords.BadContent
        or ErrorWords.BadClientMsgId
        or ErrorWords.ContentRefused
        or ErrorWords.UnknownBizCode
        or ErrorWords.Muted;

    private static bool IsOfRooms(string word) =>
        word is ErrorWords.BadRoom or ErrorWords.RoomClosed or ErrorWords.TooManyRooms or ErrorWords.Banned;

    private static bool IsOfSyncs(string word) => word is ErrorWords.BadSync or ErrorWords.Forbidden or ErrorWords.NotJoined or ErrorWords.Guest;
}
