using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Video;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>A process that publishes a stream and watches it.</summary>
internal static class WatchWorker
{
    internal const string CommandName = "watch";

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(200);

    internal static Command Command() =>
        Worker.Command<WatchOrder>(CommandName, "Publishes a stream and watches it for another process of this tool", Run);

    private static void Run(WatchOrder order)
    {
        if (order.Core >= 0)
            Cores.Pin(order.Core);
        var result = new ScenarioResult("", "");
        using var crowd = new Crowd(order.Target, order.Watch, order.Kbps);
        crowd.Publish();
        crowd.Open(order.Viewers);
        crowd.Rest();
        crowd.BeginMeasuring();
        var end = Worker.ReadyUntilEnd();
        try
        {
            while (!end.IsCompleted)
                crowd.Drive(Turn, "watching");
            crowd.Rest();
            crowd.Report(result);
        }
        catch (LoadTestException fault)
        {
            result.FailIf(true, fault.Message);
        }

        Worker.Report(new WatchReport(result.Failures));
    }
}
