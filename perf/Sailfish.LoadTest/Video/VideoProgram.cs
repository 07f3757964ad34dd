namespace Sailfish.LoadTest.Video;

/// <summary>How a stream is put in and taken out.</summary>
internal enum VideoProgram
{
    /// <summary>RTMP in, FLV out.</summary>
    Rtmp,

    /// <summary>The floor: what comes goes to all, as it is.</summary>
    Floor,
}
