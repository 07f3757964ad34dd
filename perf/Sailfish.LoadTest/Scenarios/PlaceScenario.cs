using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// Two rooms on the same nodes, by turns of seconds: one has its sender on the node of its members, the other on another node.
/// </summary>
internal sealed class PlaceScenario(RoomOptions options) : ServerScenario
{
    internal const int Standard = 3000;

    private static readonly RoomPlace[] Places = [RoomPlace.Together, RoomPlace.Apart];

    public override string Name => "place";

    protected override string Options => options.ToString();

    internal static Command Command()
    {
        var members = CheckedOption.Number("--members", "Members of each of the two rooms, senders included", Standard, 2, CheckedOption.MaxConnections / 2);
        var seconds = CheckedOption.Seconds(10);
        var warmUp = CheckedOption.WarmUp();
        var command = new Command("place", "A room whose sender is on another node than its members, and one whose sender is on theirs, in turn") { members, seconds, warmUp };
        ScenarioCommand.Bind(command, (parsed, settings, _) =>
        {
            var options = new RoomOptions
            {
                Members = parsed.GetValue(members),
                Period = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                WarmUp = TimeSpan.FromSeconds(parsed.GetValue(warmUp)),
            };
            return [new Step(Keys.ClusterPlace, new PlaceScenario(options), settings.OfSeveral)];
        });
        return command;
    }

    protected override void Run(Servers servers, Fleet fleet, ScenarioResult result)
    {
        var loads = Places.Select((place, i) => new RoomScenario(options with { Place = place, Number = i }).Begin(servers, fleet)).ToArray();
        TurnRunner.Play(loads, options.WarmUp, options.Period);
        var sides = loads.Zip(Places, End).ToArray();
        foreach (var (place, side) in Places.Zip(sides))
            Report(place, side, result);
        result.Add(MetricNames.ApartByTogether, sides[1][MetricNames.Deliveries] / sides[0][MetricNames.Deliveries], "×");
    }

    private ScenarioResult End(ILoad load, RoomPlace place)
    {
        var side = new ScenarioResult(Name, place.ToString());
        load.End(side);
        return side;
    }

    private static void Report(RoomPlace place, ScenarioResult side, ScenarioResult result)
    {
        var name = place.ToString().ToLowerInvariant();
        result.Add($"{name}, {MetricNames.Deliveries}", side[MetricNames.Deliveries], "/s");
        result.Add($"{name}, {MetricNames.CpuPerDelivery}", side[MetricNames.CpuPerDelivery], "ns");
        result.Add($"{name}, {MetricNames.ServerCpu}", side[MetricNames.ServerCpu], "% of a core");
        result.Add($"{name}, {MetricNames.LoadCpu}", side[MetricNames.LoadCpu], "% of a core");
        result.Add($"{name}, {MetricNames.P99(MetricNames.LastMember)}", side[MetricNames.P99(MetricNames.LastMember)], "ms");
        foreach (var failure in side.Failures)
            result.FailIf(true, $"{name}: {failure}");
    }
}
