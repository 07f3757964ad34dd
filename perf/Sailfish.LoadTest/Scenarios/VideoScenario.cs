using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Video;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// A stream to many viewers, on the server and, for two seconds each in turn, on what it is compared with: a loop of one send for
/// each viewer and frame, and perhaps another server of video.
/// </summary>
internal sealed class VideoScenario(VideoOptions options, params IReadOnlyList<ServerProgram> peers) : IScenario
{
    /// <summary>The server ships a bound for each address; here all viewers come from one.</summary>
    private static readonly KeyValuePair<string, string>[] Video =
    [
        new("Sailfish__Media__Anonymous", "true"), new("Sailfish__Media__MaxViewersPerAddress", "0"), new("Sailfish__Media__MaxViewers", "20000"),
    ];

    public string Name => "video";

    public string Parameters(LoadSettings settings) => options.ToString();

    internal static Command Command()
    {
        var viewers = CheckedOption.Number("--viewers", "Who watches", VideoOptions.StandardViewers, 2, CheckedOption.MaxConnections / 3);
        var kbps = CheckedOption.Number("--kbps", "Kilobits a second of the stream", VideoOptions.StandardKbps, 200, 20_000);
        var seconds = CheckedOption.Seconds(10);
        var warmUp = CheckedOption.WarmUp();
        var watch = new Option<Watch>("--watch") { Description = "What viewers get it by" };
        var dead = CheckedOption.Number("--dead", "Part of the viewers who never read; nothing is compared then", 0.0, 0, 0.9);
        var chat = new Option<bool>("--chat") { Description = "What one-to-one messages take without the viewers and with them, and nothing else" };
        var peers = new Option<bool>("--peers") { Description = "Compare with others", DefaultValueFactory = _ => true };
        var command = new Command("video", "A stream to many viewers, beside a bare loop of sends and node-media-server") { viewers, kbps, seconds, warmUp, watch, dead, chat, peers };
        ScenarioCommand.Bind(
            command,
            (parsed, settings, _) =>
            {
                var options = new VideoOptions
                {
                    Viewers = parsed.GetValue(viewers),
                    Kbps = parsed.GetValue(kbps),
                    Period = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
                    Watch = parsed.GetValue(watch),
                    Dead = parsed.GetValue(dead),
                };
                return parsed.GetValue(chat) ? [VideoPlan.Chat(options, settings)] : [VideoPlan.Step(options, settings, parsed.GetValue(peers))];
            },
            parsed => parsed.GetValue(viewers) == VideoOptions.StandardViewers && parsed.GetValue(kbps) == VideoOptions.StandardKbps);
        return command;
    }

    /// <summary>Settings of a server that gives streams to all these.</summary>
    internal static LoadSettings WithVideo(LoadSettings settings) => settings with { ServerEnvironment = [.. settings.ServerEnvironment, .. Video] };

    public void Run(LoadSettings settings, ScenarioResult result)
    {
        // Sailfish last: a publisher that says nothing meanwhile is cut.
        ServerProgram[] programs = [.. peers, ServerProgram.Sailfish];
        var loads = new List<VideoLoad>();
        try
        {
            foreach (var program in programs)
                loads.Add(VideoLoad.Begin(options, WithVideo(settings) with { Program = program }));
            TurnRunner.Play(loads, options.WarmUp, options.Period);
            var results = loads.Select(End).ToArray();
            Join(result, results);
        }
        finally
        {
            foreach (var load in loads)
                load.Dispose();
        }
    }

    private static ScenarioResult End(VideoLoad load)
    {
        var result = new ScenarioResult("", "");
        load.End(result);
        return result;
    }

    /// <summary>All of our own, and of the others what they are compared by.</summary>
    private void Join(ScenarioResult result, ScenarioResult[] results)
    {
        var ours = results[^1];
        foreach (var metric in ours.Metrics)
            result.Add(metric.Name, metric.Value, metric.Unit);
        foreach (var failure in ours.Failures)
            result.FailIf(true, failure);
        result.Note = ours.Note;
        foreach (var (peer, theirs) in peers.Zip(results))
            Compare(result, NameOf(peer), ours, theirs);
    }

    private static string NameOf(ServerProgram peer) => peer == ServerProgram.VideoFloor ? MetricNames.VideoFloor : MetricNames.NodeMediaServer;

    private static void Compare(ScenarioResult result, string peer, ScenarioResult ours, ScenarioResult theirs)
    {
        result.Add(MetricNames.Peer(peer, MetricNames.ServerCpu), theirs[MetricNames.ServerCpu], "% of a core");
        result.Add(MetricNames.Peer(peer, MetricNames.CpuPerMegabit), theirs[MetricNames.CpuPerMegabit], "µs");
        result.Add(MetricNames.Peer(peer, MetricNames.MemoryPerViewer), theirs[MetricNames.MemoryPerViewer], "bytes");
        result.Add(MetricNames.CpuBy(peer), ours[MetricNames.CpuPerMegabit] / theirs[MetricNames.CpuPerMegabit], "×");
        foreach (var failure in theirs.Failures)
            result.FailIf(true, $"{peer}: {failure}");
    }
}
