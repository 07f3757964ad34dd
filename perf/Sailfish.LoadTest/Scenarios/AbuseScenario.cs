using System.CommandLine;
using System.Globalization;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// A few who flood, and fifty who did nothing wrong: what these notice of it. The limits are those that the server ships
/// with; the flooders share the load's core with the probes, and get it when these leave it.
/// </summary>
internal sealed class AbuseScenario(AbuseOptions options) : ServerScenario
{
    private const int Probes = 50;
    private const long FirstProbe = 1_000_000;
    private const long FirstFlooder = 2_000_000;

    /// <summary>Of all probes, a second: each beats and writes ten times, half of what a user may.</summary>
    private const double Rate = 10 * Probes;

    /// <summary>The period before the floods.</summary>
    private const string Nobody = "nobody";

    private static readonly string[] Shipped = ["MessagesPerSecond", "ConnectionsPerIpPerSecond"];

    public override string Name => "abuse";

    protected override string Options => options.ToString();

    internal static Command Command()
    {
        var kinds = new Option<FloodKind[]>("--kinds")
        {
            Description = "What the flooders send; all kinds by default",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => Enum.GetValues<FloodKind>(),
        };
        var flooders = CheckedOption.Number("--flooders", "Connections that flood at once", 2 * Environment.ProcessorCount, 1, 1000);
        var seconds = CheckedOption.Seconds(10);
        var command = new Command("abuse", "Floods of each kind, and what those notice who do nothing wrong") { kinds, flooders, seconds };
        ScenarioCommand.Bind(command, (parsed, settings, _) =>
        {
            var options = new AbuseOptions
            {
                Kinds = parsed.GetValue(kinds)!,
                Flooders = parsed.GetValue(flooders),
                Period = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            };
            return [Step(options, settings)];
        });
        return command;
    }

    /// <summary>The step of a plan: the limits of the server as shipped.</summary>
    internal static Step Step(AbuseOptions options, LoadSettings settings) =>
        new(Keys.Abuse, new AbuseScenario(options), settings with { WithoutSettings = Shipped.Select(l => $"Limits:{l}").ToArray() });

    protected override void Run(Servers servers, Fleet fleet, ScenarioResult result)
    {
        var board = new ProbeBoard();
        ProbeSession[] probes = [.. Enumerable.Range(0, Probes).Select(i =>
            new ProbeSession(fleet, board, FirstProbe + i, FirstProbe + ((i + 1) % Probes)))];
        for (var i = 0; i < Probes; i++)
            probes[i].Follow(probes[(i + Probes - 1) % Probes]);
        fleet.LogIn(probes);
        Probe(fleet, probes, TimeSpan.FromSeconds(1));
        var alone = Measure(servers, fleet, board, probes, Nobody, result);
        alone.AddTo(result, Nobody);
        for (var i = 0; i < options.Kinds.Count; i++)
        {
            var kind = options.Kinds[i];
            var name = kind.ToString().ToLowerInvariant();
            var order = Order(servers, kind, FirstFlooder + (1000 * i));
            var flooded = Flood();
            // A disk or a neighbour that was busy meanwhile looks like a flood that hurts, and does not come back each time.
            for (var left = options.Repeats; left > 0 && flooded.TooSlow(options, alone).Count > 0; left--)
            {
                alone = Measure(servers, fleet, board, probes, Nobody, result);
                flooded = Flood();
            }

            flooded.AddTo(result, name);
            foreach (var why in flooded.TooSlow(options, alone))
                result.FailIf(true, $"{name}: {why}");

            ProbePeriod Flood()
            {
                using var flood = new WorkerProcess<FloodReport>(FloodWorker.CommandName, order, isModest: true);
                while (!flood.IsReady)
                    fleet.Poll(10);
                var period = Measure(servers, fleet, board, probes, name, result);
                var report = flood.End();
                result.FailIf(report.Bytes == 0, $"{name}: nobody flooded");
                return period with { Flooded = report };
            }
        }
    }

    private FloodOrder Order(Servers servers, FloodKind kind, long firstUser) => new(
        servers.App, servers.First.Ports, kind, firstUser, options.Flooders, servers.Settings.Pin ? servers.Settings.LoadCore : -1);

    private ProbePeriod Measure(Servers servers, Fleet fleet, ProbeBoard board, ProbeSession[] probes, string flood, ScenarioResult result)
    {
        board.Begin();
        using var health = new HealthProbe(servers.First.Ports);
        var meter = new PeriodMeter(servers);
        Probe(fleet, probes, options.Period);
        meter.End();
        fleet.PollUntil(() => probes.All(p => p.Unanswered == 0 && p.Missing == 0), () => board.Heartbeats.Count + board.Messages.Count);
        var late = probes.Sum(p => p.Unanswered + p.Missing);
        result.FailIf(late > 0, $"{flood}: {late} heartbeats, receipts and messages never came");
        result.FailIf(health.Failed > 0, $"{flood}: {health.Failed} calls of /healthz failed");
        new Progress(flood).End(string.Create(CultureInfo.InvariantCulture, $"heartbeats p99 {board.Heartbeats.Quantile(0.99):F1} ms, messages p99 {board.Messages.Quantile(0.99):F1} ms"));
        return new ProbePeriod(board.Heartbeats, board.Messages, health.Answers);
    }

    private static void Probe(Fleet fleet, ProbeSession[] probes, TimeSpan period)
    {
        var clock = new SendClock(Rate);
        var start = TimeProvider.System.GetTimestamp();
        for (var turn = 0; TimeProvider.System.GetElapsedTime(start) < period;)
        {
            while (clock.TryTake(out _))
            {
                var probe = probes[turn++ % probes.Length];
                probe.Beat();
                probe.Write();
            }

            fleet.Poll(1);
        }
    }
}
