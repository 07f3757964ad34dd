using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Video;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// A thousand one-to-one messages by the clock, on a server alone and on one whose other users watch a stream. The viewers are
/// another process, which gets the load's core when this one leaves it: who chats has a machine of his own.
/// </summary>
internal sealed class VideoChatScenario(VideoOptions options) : IScenario
{
    private const int Messages = 1000;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly DirectOptions _chat = new() { Pairs = 50, Period = options.Period, WarmUp = options.WarmUp, Rate = Messages / options.Period.TotalSeconds };

    public string Name => "video chat";

    public string Parameters(LoadSettings settings) => $"{options} beside {_chat}";

    public void Run(LoadSettings settings, ScenarioResult result)
    {
        var alone = Measure(settings, hasViewers: false, result);
        var beside = Measure(settings, hasViewers: true, result);
        foreach (var metric in new[] { MetricNames.P50(MetricNames.Delivery), MetricNames.P99(MetricNames.Delivery), MetricNames.P99(MetricNames.Receipt) })
        {
            result.Add(MetricNames.Alone(metric), alone[metric], "ms");
            result.Add(MetricNames.BesideVideo(metric), beside[metric], "ms");
        }

        result.Add(MetricNames.ServerCpu, beside[MetricNames.ServerCpu], "% of a core");
        result.Note = beside.Note;
    }

    private ScenarioResult Measure(LoadSettings settings, bool hasViewers, ScenarioResult result)
    {
        var side = new ScenarioResult(Name, "");
        using var servers = Servers.Start(VideoScenario.WithVideo(settings));
        using var fleet = new Fleet(servers, settings);
        var load = new DirectScenario(_chat).Begin(servers, fleet);
        using var viewers = hasViewers ? Watchers(servers) : null;
        while (viewers is { IsReady: false })
            fleet.Poll(10);
        load.Drive(_chat.WarmUp, "warming up");
        load.Rest();
        load.BeginMeasuring();
        load.Drive(_chat.Period, hasViewers ? "chatting beside video" : "chatting");
        load.EndMeasuring();
        load.End(side);
        fleet.PollFor(Rest);
        fleet.Report(side);
        foreach (var failure in side.Failures.Concat(viewers?.End().Failures ?? []))
            result.FailIf(true, hasViewers ? $"beside video: {failure}" : failure);
        return side;
    }

    private WorkerProcess<WatchReport> Watchers(Servers servers) => new(
        WatchWorker.CommandName,
        new WatchOrder(Anchor.OpenRoom(servers.First.Ports, servers.App, options.Watch), options.Watch, options.Viewers, options.Kbps, servers.Settings.Pin ? servers.Settings.LoadCore : -1),
        isModest: true);
}
