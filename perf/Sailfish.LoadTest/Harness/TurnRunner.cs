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
            Play(scenario, players);
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

    private static void Play(LoadScenario scenario, List<Player> players)
    {
        foreach (var player in players)
            player.WarmUp(scenario.WarmUp);
        var order = players.ToList();
        for (var time = TimeSpan.Zero; time < scenario.Period; time += Turn)
        {
            foreach (var player in order)
                player.Take(Turn);
            // Who comes first may have it better.
            order.Reverse();
        }
    }

    private sealed class Player : IDisposable
    {
        private readonly Servers _servers;
        private readonly Fleet _fleet;
        private readonly ILoad _load;

        internal Player(LoadScenario scenario, LoadSettings settings)
        {
            _servers = Servers.Start(settings);
            _fleet = new Fleet(_servers, settings);
            _load = scenario.Begin(_servers, _fleet);
        }

        internal void WarmUp(TimeSpan period)
        {
            _load.Drive(period, "warming up");
            _load.Rest();
        }

        internal void Take(TimeSpan turn)
        {
            _load.BeginMeasuring();
            _load.Drive(turn, "sending");
            _load.Rest();
            _load.EndMeasuring();
        }

        internal void End(ScenarioResult result)
        {
            _load.End(result);
            _fleet.Report(result);
        }

        public void Dispose()
        {
            _fleet.Dispose();
            _servers.Dispose();
        }
    }
}
