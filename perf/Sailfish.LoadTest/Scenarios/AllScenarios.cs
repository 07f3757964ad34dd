using System.CommandLine;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Every scenario in turn: at full size to measure, or quickly to see that nothing is lost.</summary>
internal static class AllScenarios
{
    internal static Command Command()
    {
        var quick = new Option<bool>("--quick") { Description = "At reduced size: for correctness, not for numbers" };
        var command = new Command("all", "Every scenario in turn") { quick };
        ScenarioCommand.Bind(command, (parsed, settings, _) => parsed.GetValue(quick) ? Quick(settings) : Full(settings));
        return command;
    }

    private static IEnumerable<Step> Full(LoadSettings settings)
    {
        var period = TimeSpan.FromSeconds(10);
        yield return new Step("idle", new IdleScenario(10_000, TimeSpan.FromSeconds(30)), settings);
        yield return new Step("room", new RoomScenario(new RoomOptions { Members = 10_000, Period = period }), settings);
        yield return new Step("room", new RoomScenario(new RoomOptions { Members = 10_000, Period = period, Rate = 10 }), settings);
        yield return new Step("direct", new DirectScenario(new DirectOptions { Pairs = 100, Period = period }), settings);
    }

    private static IEnumerable<Step> Quick(LoadSettings settings)
    {
        var (period, warmUp) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
        foreach (var transport in TransportKinds.OfSailfish)
        {
            var over = settings with { Transport = transport };
            yield return new Step("idle", new IdleScenario(500, period), over);
            yield return new Step("room", new RoomScenario(new RoomOptions { Members = 500, Senders = 3, Period = period, WarmUp = warmUp }), over);
            yield return new Step("room", new RoomScenario(new RoomOptions { Members = 500, Period = period, WarmUp = warmUp, Rate = 50 }), over);
            yield return new Step("direct", new DirectScenario(new DirectOptions { Pairs = 20, Period = period, WarmUp = warmUp }), over);
        }
    }
}
