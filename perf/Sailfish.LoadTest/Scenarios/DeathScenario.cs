using System.CommandLine;
using System.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// One node of several is killed. Most of its users come back on the others: how long until all of them are in their rooms
/// and have what was sent meanwhile. Some do not: how long until they are known to be offline.
/// </summary>
internal sealed class DeathScenario(DeathOptions options) : ServerScenario
{
    internal const int Standard = 9000;

    private const long FirstGone = 3_000_000;

    /// <summary>What one call about who is online takes.</summary>
    private const int MostGone = OnlineReader.MostUsers;

    /// <summary>Messages that all members get before the death.</summary>
    private const int Before = 5;

    /// <summary>Longer than a node is waited for by far: who is still online then stays it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Enough that each of those who came back is asked about several times.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(2);

    public override string Name => "death";

    protected override string Options => options.ToString();

    internal static Command Command()
    {
        var most = CheckedOption.MaxConnections - StormCrowd.MostRooms - MostGone;
        var sessions = CheckedOption.Number("--sessions", "Sessions on all nodes together", Standard, 10, most);
        var gone = CheckedOption.Number("--gone", "Users of the node that dies, besides, who do not come back", 300, 1, MostGone);
        var rooms = CheckedOption.Number("--rooms", "Rooms that the sessions share out among them", 10, 1, StormCrowd.MostRooms);
        var missed = CheckedOption.Number("--missed", "Messages sent to each room between the death and the return", 20, 1, 10_000);
        var frame = CheckedOption.Frame();
        var command = new Command("death", "One of three nodes is killed, and its users come back on the others or do not") { sessions, gone, rooms, missed, frame };
        ScenarioCommand.Bind(command, (parsed, settings, _) =>
        {
            var crowd = new StormOptions
            {
                Sessions = parsed.GetValue(sessions),
                Rooms = parsed.GetValue(rooms),
                Missed = parsed.GetValue(missed),
                Frame = parsed.GetValue(frame),
            };
            return [new Step(Keys.ClusterDeath, new DeathScenario(new DeathOptions { Crowd = crowd, Gone = parsed.GetValue(gone) }), settings.OfSeveral)];
        });
        return command;
    }

    protected override void Run(Servers servers, Fleet fleet, ScenarioResult result)
    {
        var dying = servers.Nodes.Count - 1;
        var crowd = new StormCrowd(servers, fleet, options.Crowd, senderNodes: dying);
        var gone = Enumerable.Range(0, options.Gone)
            .Select(i => new StormMember(fleet, crowd.Rooms[i % crowd.Rooms.Count], FirstGone + i) { Node = dying }).ToArray();
        fleet.LogIn([.. crowd.Members, .. gone]);
        crowd.SendAll(Before);
        crowd.WaitForAll();
        var back = crowd.Members.Where(m => m.Node == dying).ToArray();
        foreach (var doomed in back.Concat(gone))
            doomed.IsDoomed = true;

        var epochs = new PresenceEpochs(servers);
        var killedAt = Stopwatch.GetTimestamp();
        servers.KillLast();
        using var watch = new DeathWatch(servers, gone.Select(m => m.UserId), back.Select(m => m.UserId));
        Return(fleet, crowd, back, killedAt, result);
        var returned = new PresenceEpochs(servers);
        watch.LookAtReturned();
        fleet.PollUntil(() => watch.HasSeenAll, () => 0, Patience);
        fleet.PollFor(Afterwards);
        crowd.WaitForAll();
        crowd.ReportLoss(result);
        watch.Report(killedAt, result);
        ReportTold(new PresenceEpochs(servers), epochs, gone, returned, back, result);
    }

    private void Return(Fleet fleet, StormCrowd crowd, StormMember[] back, long killedAt, ScenarioResult result)
    {
        crowd.SendAll(options.Crowd.Missed);
        result.Add("death, messages sent after it are receipted", Stopwatch.GetElapsedTime(killedAt).TotalSeconds, "s");
        fleet.PollUntil(() => Array.TrueForAll(back, m => !m.IsOpen), () => back.Count(m => m.IsOpen));
        fleet.Connect(back, underWay: back.Length);
        var latencies = new Latencies();
        foreach (var member in back)
            latencies.Add(killedAt, member.InSyncAt);
        result.Add(MetricNames.AllInSync(Name), latencies.Quantile(1) / 1000, "s");
        latencies.Report(result, Name);
    }

    /// <summary>Each event of a user's presence takes an epoch, which the database gives.</summary>
    private static void ReportTold(
        PresenceEpochs now, PresenceEpochs before, StormMember[] gone, PresenceEpochs returned, StormMember[] back, ScenarioResult result)
    {
        var untold = gone.Count(m => now[m.UserId] != before[m.UserId] + 1);
        var wrong = back.Count(m => now[m.UserId] != returned[m.UserId]);
        result.Add("told offline", gone.Length - untold, "users");
        result.Add("told offline after their return", wrong, "users");
        result.FailIf(untold > 0, $"{untold} users who did not come back are not told offline once");
        result.FailIf(wrong > 0, $"{wrong} users are told offline after their return");
    }
}
