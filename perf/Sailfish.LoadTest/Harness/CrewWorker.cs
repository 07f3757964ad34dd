using System.CommandLine;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>A process that holds idle sessions for another one, until its standard input ends.</summary>
internal static class CrewWorker
{
    internal const string CommandName = "crew";

    internal static Command Command() =>
        Worker.Command<CrewOrder>(CommandName, "Holds sessions for another process of this tool", Run);

    private static void Run(CrewOrder order)
    {
        if (order.Core >= 0)
            Cores.Pin(order.Core);
        using var fleet = new Fleet(new DistantServer(order.App, order.Ports), order.Transport) { Source = order.Source };
        fleet.LogIn([.. Enumerable.Range(0, order.Sessions).Select(i => new Session(fleet, order.FirstUser + i))]);
        var end = Worker.ReadyUntilEnd();
        while (!end.IsCompleted)
            fleet.Poll(10);
        fleet.PollUntil(() => fleet.HeartbeatsAnswered >= fleet.HeartbeatsSent, () => fleet.HeartbeatsAnswered);
        var result = new ScenarioResult(CommandName, "");
        fleet.Report(result);
        Worker.Report(new CrewReport(fleet.HeartbeatsSent, fleet.HeartbeatsAnswered, result.Failures));
    }

    /// <summary>A server that another process has started, and watches.</summary>
    private sealed record DistantServer(App App, ServerPorts Ports) : IServer
    {
        public bool HasExited => false;

        public string LastLines => "";
    }
}
