using System.CommandLine;
using System.Globalization;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What is measured of three nodes and the PostgreSQL that they share. All of them have all cores, as the load has.</summary>
internal static class ClusterPlan
{
    /// <summary>Members of the room that is spread over one node and two as well as over all.</summary>
    private const int MiddleRoom = 300;

    /// <summary>
    /// Messages a second to a room: enough that what nodes and database do at rest is the smaller part of it, and few enough
    /// that the largest room is not what the machine can do.
    /// </summary>
    private const double RoomRate = 50;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private static readonly int[] RoomSizes = [30, MiddleRoom, 3000];

    internal static Command Command()
    {
        var quick = new Option<bool>("--quick") { Description = "At reduced size, in a minute: for correctness, not for numbers" };
        var command = new Command("cluster", "Everything that is measured of three nodes") { quick };
        ScenarioCommand.Bind(
            command,
            (parsed, settings, _) => parsed.GetValue(quick) ? QuickSteps(settings) : Steps(settings),
            parsed => !parsed.GetValue(quick));
        return command;
    }

    /// <summary>At full size.</summary>
    internal static IEnumerable<Step> Steps(LoadSettings settings) => WherePossible(settings, of => Step.InTurn(
        [new Step(Keys.ClusterAppend, new AppendPairScenario(Direct(Period)), of)],
        [new Step(Keys.ClusterDirectRate, new DirectScenario(Direct(Period) with { Rate = 1000 }), of)],
        RoomSizes.Select(members => new Step(Keys.ClusterRoom + Text(members), new RoomScenario(Room(members, Period)), of)),
        Enumerable.Range(1, LoadSettings.Several - 1).Select(nodes =>
            new Step(Keys.ClusterOver + Text(nodes), new RoomScenario(Room(MiddleRoom, Period) with { Over = nodes }), of)),
        [new Step(Keys.ClusterPlace, new PlaceScenario(new RoomOptions { Members = PlaceScenario.Standard, Period = Period }), of)],
        [new Step(Keys.ClusterStorm, new StormScenario(new StormOptions { Sessions = 10_000 }), of)],
        [new Step(Keys.ClusterDeath, new DeathScenario(new DeathOptions { Crowd = new StormOptions { Sessions = DeathScenario.Standard } }), of)]));

    /// <summary>Enough to see that nothing is lost.</summary>
    internal static IEnumerable<Step> QuickSteps(LoadSettings settings) => WherePossible(settings, of => Step.InTurn(
        [new Step(Keys.ClusterDirectRate, new DirectScenario(Direct(Short) with { Pairs = 12, WarmUp = Short, Rate = 200 }), of)],
        [new Step(Keys.ClusterPlace, new PlaceScenario(new RoomOptions { Members = 60, Period = Short, WarmUp = Short, Rate = RoomRate }), of)],
        [new Step(Keys.ClusterDeath, new DeathScenario(new DeathOptions { Crowd = new StormOptions { Sessions = 150, Rooms = 3, Missed = 5 }, Gone = 15 }), of)]));

    /// <summary>Pairs that come out even on three nodes: each has as many senders as the others, and as many receivers.</summary>
    internal static DirectOptions Direct(TimeSpan period) => new() { Pairs = 99, Period = period };

    private static RoomOptions Room(int members, TimeSpan period) => new() { Members = members, Period = period, Rate = RoomRate };

    private static IEnumerable<Step> WherePossible(LoadSettings settings, Func<LoadSettings, IEnumerable<Step>> steps)
    {
        if (PostgresServer.IsInstalled)
            return steps(settings with { Nodes = LoadSettings.Several, Pin = false });
        Console.Error.WriteLine("Several nodes are left out: PostgreSQL is not installed; ./test installs it on Debian.");
        return [];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
