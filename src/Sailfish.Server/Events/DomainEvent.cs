namespace Sailfish.Server.Events;

/// <summary>Something that happened. Events of one user are ordered by their epoch, also across a restart.</summary>
/// <param name="Type">A word of <see cref="EventTypes"/>.</param>
/// <param name="AppId">The app.</param>
/// <param name="UserId">The user that it happened to.</param>
/// <param name="Epoch">Grows from event to event of a user.</param>
internal sealed record DomainEvent(string Type, long AppId, long UserId, long Epoch)
{
    public long? RoomId { get; init; }

    public string? Conversation { get; init; }

    public long? Seq { get; init; }

    public string? MsgId { get; init; }
}

internal static class EventTypes
{
    public const string UserOnline = "user.online";
    public const string UserOffline = "user.offline";
    public const string RoomJoined = "room.joined";
    public const string RoomLeft = "room.left";
    public const string MessageStored = "message.stored";
}
