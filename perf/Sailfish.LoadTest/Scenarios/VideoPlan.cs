using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Video;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What is measured of video.</summary>
internal static class VideoPlan
{
    /// <summary>Part of the viewers who never read.</summary>
    private const double Dead = 0.3;

    /// <summary>Twice as long as a server waits before it cuts them, so that they have come again.</summary>
    private static readonly TimeSpan DeadPeriod = TimeSpan.FromSeconds(70);

    internal static IEnumerable<Step> Steps(LoadSettings settings)
    {
        yield return Step(new VideoOptions(), settings, hasPeers: true);
        yield return Step(new VideoOptions { Watch = Watch.Http }, settings, hasPeers: true);
        yield return Step(new VideoOptions { Dead = Dead, Period = DeadPeriod }, settings, hasPeers: false);
        yield return Chat(new VideoOptions(), settings);
    }

    /// <summary>For a build: nothing may be lost.</summary>
    internal static IEnumerable<Step> QuickSteps(LoadSettings settings)
    {
        var options = new VideoOptions { Viewers = 200, Period = TimeSpan.FromSeconds(4), WarmUp = TimeSpan.FromSeconds(1) };
        yield return new Step(Keys.Video, new VideoScenario(options, ServerProgram.VideoFloor), settings);
        yield return Step(options with { Watch = Watch.Http }, settings, hasPeers: false);
        yield return Step(options with { Dead = Dead }, settings, hasPeers: false);
        yield return Chat(options, settings);
    }

    internal static Step Step(VideoOptions options, LoadSettings settings, bool hasPeers)
    {
        var key = (options.Dead > 0, options.Watch) switch { (true, _) => Keys.VideoDead, (_, Watch.Http) => Keys.VideoHttp, _ => Keys.Video };
        return new Step(key, new VideoScenario(options, hasPeers && options.Dead == 0 ? Peers(options) : []), settings);
    }

    /// <summary>What messages notice of it.</summary>
    internal static Step Chat(VideoOptions options, LoadSettings settings) => new(Keys.VideoChat, new VideoChatScenario(options), settings);

    private static ServerProgram[] Peers(VideoOptions options)
    {
        // By WebSocket it sends each tag alone, and a core of it does not carry a thousand viewers.
        if (options.Watch == Watch.Ws)
            return [ServerProgram.VideoFloor];
        if (NodePeer.TryInstall())
            return [ServerProgram.VideoFloor, ServerProgram.NodeMediaServer];
        Console.Error.WriteLine("node-media-server is left out: npm cannot install it here.");
        return [ServerProgram.VideoFloor];
    }
}
