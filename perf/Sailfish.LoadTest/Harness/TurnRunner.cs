using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>
/// One load on several servers, all of them up, each for two seconds in turn: a shared machine is not the same from minute to
/// minute, but from second to second it nearly is. What is under way has come before the next one's turn.
/// </summary>
internal static class TurnRunner
{
    /// <summary>Long enough that most of what the server does once a second, as saving acks, falls into the turn it belongs to.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    /// <param name="scenario">The load.</param>
    /// <param name="settings">One for each server.</param>
    /// <returns>A result for each server.</returns>
    internal static ScenarioResult[] Run(LoadScenario scenario, IReadOnlyList<LoadSettings> settings)
    {
        if (settings[0].Pin)
            Cores.Pin(settings[0].LoadCore);
        var parameters = scenario.Parameters(settings[0]);
        Console.Error.WriteLine($"{scenario.Name} {parameters}, {settings.Count} servers in turn");
        var results = settings.Select(_ => new ScenarioResult(scenario.Name, parameters)).ToArray();
        var players = new List<Player>();
        try
        {
            foreach (var each in settings)
                players.Add(new Player(scenario, each));
            Play([.. players.Select(player => player.Load)], scenario.WarmUp, scenario.Period);
            foreach (var (player, result) in players.Zip(results))
                player.End(result);
        }
#pragma warning disable CA1031 // whatever ends one run, the results of the others are still worth having
        catch (Exception error)
#pragma warning restore CA1031
        {
            results[0].FailIf(true, error.Message);
            Console.Error.WriteLine(error);
        }
        finally
        {
            foreach (var player in players)
                player.Dispose();
        }

        return results;
    }

    /// <summary>Warms each load up, and measures them by turns.</summary>
    internal static void Play(IReadOnlyList<ILoad> loads, TimeSpan warmUp, TimeSpan period)
    {
        foreach (var load in loads)
        {
            load.Drive(warmUp, "warming up");
            load.Rest();
        }

        var order = loads.ToList();
        for (var time = TimeSpan.Zero; time < period; time += Turn)
        {
            foreach (var load in order)
                Take(load);
            // Who comes first may have it better.
            order.Reverse();
        }
    }

    private static void Take(ILoad load)
    {
        load.BeginMeasuring();
        load.Drive(Turn, "sending");
        load.Rest();
        load.EndMeasuring();
    }

    private sealed class Player : IDisposable
    {
        private readonly Servers _servers;
        private readonly Fleet _fleet;

        internal Player(LoadScenario scenario, LoadSettings settings)
        {
            _servers = Servers.Start(settings);
            _fleet = new Fleet(_servers, settings);
            Load = scenario.Begin(_servers, _fleet);
        }

        internal ILoad Load { get; }

        internal void End(ScenarioResult result)
        {
            Load.End(result);
            _fleet.Report(result);
        }

        public void Dispose()
        {
            _fleet.Dispose();
            _servers.Dispose();
        }
    }
}
