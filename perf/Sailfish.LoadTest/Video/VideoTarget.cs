namespace Sailfish.LoadTest.Video;

/// <summary>Where a stream is published and watched.</summary>
/// <param name="Program">How.</param>
/// <param name="PublishPort">Where it is put in.</param>
/// <param name="StreamKey">What a publisher of RTMP says to be let in.</param>
/// <param name="WatchPort">Where viewers connect.</param>
/// <param name="Path">What they ask for.</param>
internal sealed record VideoTarget(VideoProgram Program, int PublishPort, string StreamKey, int WatchPort, string Path);
