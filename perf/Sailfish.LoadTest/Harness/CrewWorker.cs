using System.CommandLine;
using System.Text.Json;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>A process that holds idle sessions for another one, until its standard input ends.</summary>
internal static class CrewWorker
{
    internal const string CommandName = "crew";
    internal const string Ready = "ready";

    internal static Command Command()
    {
        var command = new Command(CommandName, "Holds sessions for another process of this tool") { Hidden = true };
        command.SetAction(_ => Run());
        return command;
    }

    private static void Run()
    {
        var order = JsonSerializer.Deserialize<CrewOrder>(Console.In.ReadLine() ?? throw new LoadTestException("A crew is started by `idle` only."))!;
        if (order.Core >= 0)
            Cores.Pin(order.Core);
        using var fleet = new Fleet(new DistantServer(order.App, order.Ports), order.Transport) { Source = order.Source };
        fleet.LogIn([.. Enumerable.Range(0, order.Sessions).Select(i => new Session(fleet, order.FirstUser + i))]);
        Console.WriteLine(Ready);
        var end = Task.Run(Console.In.ReadToEnd);
        while (!end.IsCompleted)
            fleet.Poll(10);
        fleet.PollUntil(() => fleet.HeartbeatsAnswered >= fleet.HeartbeatsSent, () => fleet.HeartbeatsAnswered);
        var result = new ScenarioResult(CommandName, "");
        fleet.Report(result);
        Console.WriteLine(JsonSerializer.Serialize(new CrewReport(fleet.HeartbeatsSent, fleet.HeartbeatsAnswered, result.Failures)));
    }

    /// <summary>A server that another process has started, and watches.</summary>
    private sealed record DistantServer(App App, ServerPorts Ports) : IServer
    {
        public bool HasExited => false;

        public string LastLines => "";
    }
}
