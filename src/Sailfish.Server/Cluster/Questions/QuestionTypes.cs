namespace Sailfish.Server.Cluster.Questions;

/// <summary>What nodes ask each other. The numbers are of the wire: none ever gets another meaning.</summary>
internal static class QuestionTypes
{
    /// <summary>Remove a user from a room; how many connections were that?</summary>
    public const byte RoomKick = 1;

    /// <summary>Which users are in a room?</summary>
    public const byte RoomUsers = 2;

    /// <summary>Is a user in a room?</summary>
    public const byte RoomHasUser = 3;

    /// <summary>Is or was a user in a living room?</summary>
    public const byte RoomHasSeen = 4;

    /// <summary>How many guests are in a room?</summary>
    public const byte RoomGuests = 5;

    /// <summary>What is there to tell of a room's stream?</summary>
    public const byte StreamReport = 6;

    /// <summary>End a room's stream; did it come in there?</summary>
    public const byte StreamStop = 7;

    /// <summary>End the answers of a user who watches a room's stream.</summary>
    public const byte StreamPutOut = 8;
}
