using Sailfish.LoadTest.Video;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What a process of viewers is told.</summary>
/// <param name="Target">Where it publishes and watches.</param>
/// <param name="Watch">What viewers get the stream by.</param>
/// <param name="Viewers">How many they are.</param>
/// <param name="Kbps">Kilobits a second of the stream.</param>
/// <param name="Core">The core to stay on; −1 leaves it to the system.</param>
internal sealed record WatchOrder(VideoTarget Target, Watch Watch, int Viewers, int Kbps, int Core);
