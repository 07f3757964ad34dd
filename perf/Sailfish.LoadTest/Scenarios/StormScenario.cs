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
    private const long FirstMember = 1_000_000;
    private const long FirstSender = 2_000_000;

    private const int MostRooms = 1000;

    /// <summary>Messages that all members get before they are cut off.</summary>
    private const int Before = 5;

    public override string Name => "storm";

    protected override string Options => options.ToString();

    internal static Command Command()
    {
        var sessions = CheckedOption.Number("--sessions", "Sessions that come at once", 10_000, 1, CheckedOption.MaxConnections - MostRooms);
        var rooms = CheckedOption.Number("--rooms", "Rooms that they share out among them", 10, 1, MostRooms);
        var missed = CheckedOption.Number("--missed", "Messages sent to each room while they are away", 20, 1, 10_000);
        var frame = CheckedOption.Frame();
        var command = new Command("storm", "All sessions log in at once, are cut off, come back, and catch up") { sessions, rooms, missed, frame };
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
        if (fleet.Transport.Protocol == 1)
            throw new LoadTestException("storm: sessions of protocol 1 are given no seqs to catch up by.");
        var rooms = Enumerable.Range(0, options.Rooms).Select(i => new StormRoom(RoomOptions.FirstRoom + i)).ToArray();
        var senders = rooms.Select((room, i) => new StormSender(fleet, room, FirstSender + i, options.Frame) { Node = i }).ToArray();
        var members = Enumerable.Range(0, options.Sessions).Select(i => new StormMember(fleet, rooms[i % rooms.Length], FirstMember + i) { Node = i }).ToArray();
        fleet.LogIn(senders);

        Storm(servers, fleet, members, "login", result);
        SendAll(fleet, senders, Before);
        fleet.PollUntil(() => Array.TrueForAll(members, m => m.HasAll), () => members.Sum(m => (long)m.Last));

        foreach (var member in members)
            member.Cut();
        SendAll(fleet, senders, options.Missed);
        Storm(servers, fleet, members, "return", result).ReportCpu(result);
        ReportLoss(members, result);
    }

    private static PeriodMeter Storm(Servers servers, Fleet fleet, StormMember[] members, string what, ScenarioResult result)
    {
        var meter = new PeriodMeter(servers);
        fleet.Connect(members, underWay: members.Length);
        meter.End();
        var latencies = new Latencies();
        foreach (var member in members)
            latencies.Add(meter.StartedAt, member.InSyncAt);
        result.Add(MetricNames.AllInSync(what), meter.Elapsed, "s");
        meter.ReportShare(result, members.Length, what);
        latencies.Report(result, what);
        return meter;
    }

    private static void SendAll(Fleet fleet, StormSender[] senders, int count)
    {
        foreach (var sender in senders)
            sender.SendChats(count);
        fleet.PollUntil(() => Array.TrueForAll(senders, s => s.HasAllReceipts), () => senders.Count(s => s.HasAllReceipts));
    }

    private static void ReportLoss(StormMember[] members, ScenarioResult result)
    {
        var lost = members.Count(m => !m.HasAll);
        var gaps = members.Sum(m => m.Gaps);
        var duplicates = members.Sum(m => m.Duplicates);
        result.Add("members with everything", members.Length - lost, "");
        result.Add("gaps", gaps, "");
        result.Add("duplicates", duplicates, "");
        result.FailIf(lost > 0, $"{lost} members lack messages");
        result.FailIf(gaps > 0, $"{gaps} gaps");
        result.FailIf(duplicates > 0, $"{duplicates} duplicates");
    }
}
