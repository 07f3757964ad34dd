namespace Sailfish.LoadTest.Video;

/// <summary>What viewers get their stream by.</summary>
internal enum Watch
{
    Ws,
    Http,
}
