using Sailfish.Server.Media.Streams;

namespace Sailfish.Server.Media;

/// <summary>Neither a key nor what an encoder sent as its server or stream stands in any of them.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(1400, LogLevel.Information, "User {User} publishes to room {Room} by {Way}")]
    public static partial void Publishing(ILogger logger, long user, long room, string way);

    /// <param name="logger">Where to.</param>
    /// <param name="user">Who published.</param>
    /// <param name="room">To which room.</param>
    /// <param name="cut">Why it was cut; null when it was not.</param>
    /// <param name="broken">What is wrong with what it sent; null when nothing is.</param>
    public static void PublisherGone(ILogger logger, long user, long room, CutReason? cut, string? broken) => PublisherGone(logger, user, room, broken ?? Word(cut, "has left"));

    [LoggerMessage(1401, LogLevel.Information, "User {User} publishes to room {Room} no more: {Reason}")]
    private static partial void PublisherGone(ILogger logger, long user, long room, string reason);

    /// <param name="logger">Where to.</param>
    /// <param name="room">Whose stream.</param>
    /// <param name="reason">Why it was ended; null when its publisher had left, and has not come back.</param>
    public static void StreamEnded(ILogger logger, long room, CutReason? reason) => StreamEnded(logger, room, Word(reason, "its publisher has left"));

    [LoggerMessage(1402, LogLevel.Information, "The stream of room {Room} has ended: {Reason}")]
    private static partial void StreamEnded(ILogger logger, long room, string reason);

    [LoggerMessage(1403, LogLevel.Warning, "A publisher from {Address} was refused: {Reason} ({LeftOut} like it not told)")]
    public static partial void PublisherRefused(ILogger logger, string address, string reason, int leftOut);

    [LoggerMessage(1405, LogLevel.Error, "Pushing to the viewers of a stream failed")]
    public static partial void PushFailed(ILogger logger, Exception fault);

    [LoggerMessage(1406, LogLevel.Error, "A look at the streams failed; it is done again in a moment")]
    public static partial void SweepFailed(ILogger logger, Exception fault);

    [LoggerMessage(1407, LogLevel.Error, "A publisher's connection failed")]
    public static partial void ConnectionFault(ILogger logger, Exception fault);

    [LoggerMessage(1408, LogLevel.Warning, "The streams of the other nodes could not be read or told; it is tried again in a moment")]
    public static partial void NotShared(ILogger logger, Exception fault);

    [LoggerMessage(1409, LogLevel.Information, "The stream of room {Room} is fetched from node {Node}")]
    public static partial void Relaying(ILogger logger, long room, long node);

    [LoggerMessage(1410, LogLevel.Information, "The stream of room {Room} is fetched from other nodes no more")]
    public static partial void RelayEnded(ILogger logger, long room);

    [LoggerMessage(1411, LogLevel.Information, "Node {Node} fetches the stream of room {Room}")]
    public static partial void Relayed(ILogger logger, long room, string node);

    [LoggerMessage(1412, LogLevel.Warning, "The stream of room {Room} does not come from node {Node}: {Reason} ({LeftOut} like it not told)")]
    public static partial void RelayFailed(ILogger logger, long room, long node, string reason, int leftOut);

    [LoggerMessage(1413, LogLevel.Warning, "Viewers of room {Room} are refused: node {Node}, which has the stream, has no Sailfish:Cluster:Advertise ({LeftOut} like it not told)")]
    public static partial void NoRelay(ILogger logger, long room, long node, int leftOut);

    private static string Word(CutReason? reason, string left) => reason switch
    {
        null => left,
        CutReason.TakenOver => "taken over",
        CutReason.NotAllowed => "kicked, suspended, put out or signed out",
        CutReason.KeyChanged => "the key is another",
        CutReason.RoomClosed => "the room has closed",
        CutReason.Bitrate => "above the bitrate",
        CutReason.Silent => "silent for too long",
        CutReason.Stopped => "stopped by the server API or a sign-out",
        _ => "the server stops",
    };
}
