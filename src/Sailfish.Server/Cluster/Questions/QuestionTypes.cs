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
}
