namespace Sailfish.Media.Rtmp;

/// <summary>The chunk streams that we write to.</summary>
internal static class RtmpChunkStreams
{
    /// <summary>Control messages, by RTMP 1.0, section 5.4.</summary>
    public const int Control = 2;

    /// <summary>Commands of the connection.</summary>
    public const int Connection = 3;

    /// <summary>Commands of what is published.</summary>
    public const int Stream = 5;
}
