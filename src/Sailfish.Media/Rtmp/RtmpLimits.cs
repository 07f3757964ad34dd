namespace Sailfish.Media.Rtmp;

/// <summary>
/// How much of everything a peer may send. Beyond, its session ends with a <see cref="MediaFormatException"/>. How long it may take
/// is not said here: times are the owner's.
/// </summary>
public sealed record RtmpLimits
{
    /// <summary>As the properties have it.</summary>
    public static RtmpLimits Default { get; } = new();

    /// <summary>The longest message in bytes, but for sound and pictures: 65,536.</summary>
    public int MaxCommandBytes { get; init; } = 64 * 1024;

    /// <summary>The longest message of sound or pictures in bytes: 4,194,304.</summary>
    public int MaxMediaBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>All bytes between the handshake and the command publish: 65,536.</summary>
    public int MaxBytesBeforePublish { get; init; } = 64 * 1024;

    /// <summary>How many chunk streams a peer may use: 16.</summary>
    public int MaxChunkStreams { get; init; } = 16;

    /// <summary>The largest chunk size in bytes that a peer may set: 1,048,576.</summary>
    public int MaxChunkBytes { get; init; } = 1024 * 1024;

    /// <summary>Memory of all messages under way, in bytes: 8,388,608.</summary>
    public int MaxUnfinishedBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// The longest message in bytes that may come in chunks of less than 128: 65,536. Each chunk costs a header to read; a message
    /// of 4 MiB in chunks of one byte is four million of them.
    /// </summary>
    public int MaxBytesInSmallChunks { get; init; } = 64 * 1024;
}
