using Sailfish.Server.Conversations;

namespace Sailfish.Server.Media.Streams;

/// <summary>Somebody who publishes: who it is, by what, and how to end it.</summary>
/// <param name="user">The anchor.</param>
/// <param name="connection">What the tags come on.</param>
/// <param name="startedAt">When it was let in, in ms since 1970: who was put out after it is cut.</param>
internal sealed class Publication(UserKey user, IPublisher connection, long startedAt)
{
    private int _isCut;

    public UserKey User { get; } = user;

    public long StartedAt { get; } = startedAt;

    /// <summary>The generation of the key that it came with; null when it came without one.</summary>
    public long? KeyGeneration { get; init; }

    /// <summary>The session of the page that it came with.</summary>
    public string? PageSession { get; init; }

    /// <summary>It is the stream of another node.</summary>
    public bool IsRelay { get; init; }

    /// <summary>Its picture is to be seen from now on.</summary>
    public void Began() => connection.Began();

    /// <summary>Ends it, for the first reason that is given.</summary>
    public void Cut(CutReason reason)
    {
        if (Interlocked.Exchange(ref _isCut, 1) == 0)
            connection.Cut(reason);
    }
}

/// <summary>The connection of a publisher.</summary>
internal interface IPublisher
{
    /// <summary>The picture is to be seen. Does not wait.</summary>
    void Began();

    /// <summary>Ends it, and says why where that can be said. Does not wait.</summary>
    void Cut(CutReason reason);
}

/// <summary>Why a publisher is cut.</summary>
internal enum CutReason
{
    /// <summary>Another one came with a good key.</summary>
    TakenOver,

    /// <summary>The user may not publish any more.</summary>
    NotAllowed,

    /// <summary>The key that it came with is not good any more.</summary>
    KeyChanged,

    /// <summary>The room has closed.</summary>
    RoomClosed,

    /// <summary>It was above the bitrate for too long.</summary>
    Bitrate,

    /// <summary>Nothing came for too long.</summary>
    Silent,

    /// <summary>The server API asked for it, or the account is signed in nowhere any more.</summary>
    Stopped,

    /// <summary>The server stops.</summary>
    Draining,
}
