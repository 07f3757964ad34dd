using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// Everybody connects and logs in at once, is cut off, and comes back: how long until all are in their rooms and have
/// what was sent meanwhile.
/// </summary>
internal sealed class StormScenario(StormOptions options) : ServerScenario
{
    /// <summary>Messages that all members get before they are cut off.</summary>
    private const int Before = 5;

    public override string Name => "storm";

    protected override string Options => options.ToString();

    internal static Command Command()
    {
        var sessions = CheckedOption.Number("--sessions", "Sessions that come at once", 10_000, 1, CheckedOption.MaxConnections - StormCrowd.MostRooms);
        var rooms = CheckedOption.Number("--rooms", "Rooms that they share out among them", 10, 1, StormCrowd.MostRooms);
        var missed = CheckedOption.Number("--missed", "Messages sent to each room while they are away", 20, 1, 10_000);
        var frame = CheckedOption.Frame();
        var command = new Command("storm", "All sessions log in at once, are twice cut off, come back, and catch up") { sessions, rooms, missed, frame };
        ScenarioCommand.Bind(command, (parsed, settings, _) =>
        {
            var options = new StormOptions
            {
                Sessions = parsed.GetValue(sessions),
                Rooms = parsed.GetValue(rooms),
                Missed = parsed.GetValue(missed),
                Frame = parsed.GetValue(frame),
            };
            return [new Step(Keys.Storm, new StormScenario(options), settings)];
        });
        return command;
    }

    protected override void Run(Servers servers, Fleet fleet, ScenarioResult result)
    {
        var crowd = new StormCrowd(servers, fleet, options, servers.Nodes.Count);
        Storm(servers, fleet, crowd, "login", result);
        crowd.SendAll(Before);
        crowd.WaitForAll();

        Return(servers, fleet, crowd, "return", result).ReportCpu(result);
        // The first two find a server that has just started, and compile what it does in a storm: by then that is done.
        Return(servers, fleet, crowd, "second return", result);
        crowd.ReportLoss(result);
    }

    private PeriodMeter Return(Servers servers, Fleet fleet, StormCrowd crowd, string what, ScenarioResult result)
    {
        foreach (var member in crowd.Members)
            member.Cut();
        crowd.SendAll(options.Missed);
        return Storm(servers, fleet, crowd, what, result);
    }

    private static PeriodMeter Storm(Servers servers, Fleet fleet, StormCrowd crowd, string what, ScenarioResult result)
    {
        var members = crowd.Members;
        var meter = new PeriodMeter(servers);
        fleet.Connect(members, underWay: members.Count);
        meter.End();
        var latencies = new Latencies();
        foreach (var member in members)
            latencies.Add(meter.StartedAt, member.InSyncAt);
        result.Add(MetricNames.AllInSync(what), meter.Elapsed, "s");
        meter.ReportShare(result, members.Count, what);
        latencies.Report(result, what);
        return meter;
    }
}
