using Sailfish.Server.Conversations;

namespace Sailfish.Server.Living;

/// <summary>
/// The streams of living rooms, as the rooms need to know them. Answers come from memory, and take no lock that is held while
/// something is sent: they are asked for under outboxes' locks.
/// </summary>
internal interface IRoomStreams
{
    RoomStream Find(RoomKey room);

    /// <summary>Where a user may see the stream: a path; empty where he may not, or while there is none.</summary>
    /// <param name="room">Whose stream.</param>
    /// <param name="user">Who.</param>
    /// <param name="pageSession">The session of the page that he came with, with whose end the stream ends for him.</param>
    string UrlFor(RoomKey room, UserKey user, string? pageSession);

    /// <summary>Given once, at the start: to be called after a room's stream has changed. What nobody calls for is seen within a second.</summary>
    void OnChanged(Action<RoomKey> changed);
}
