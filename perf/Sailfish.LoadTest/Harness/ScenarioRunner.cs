using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Harness;

/// <summary>Runs a scenario against fresh servers and makes one result of the runs.</summary>
internal static class ScenarioRunner
{
    internal static ScenarioResult Run(IScenario scenario, LoadSettings settings)
    {
        if (settings.Pin)
            Cores.Pin(settings.LoadCore);
        var parameters = $"{scenario.Parameters} --transport {settings.Transport.Name()}";
        var results = new List<ScenarioResult>();
        for (var run = 1; run <= settings.Runs; run++)
        {
            Console.Error.WriteLine($"{scenario.Name} {parameters}, run {run} of {settings.Runs}");
            results.Add(RunOnce(scenario, parameters, settings));
        }

        return ScenarioResult.MedianOf(results);
    }

    private static ScenarioResult RunOnce(IScenario scenario, string parameters, LoadSettings settings)
    {
        var result = new ScenarioResult(scenario.Name, parameters);
        try
        {
            using var server = ServerProcess.Start(settings);
            RunAgainst(server, scenario, settings, result);
        }
#pragma warning disable CA1031 // whatever ends one run, the results of the others are still worth having
        catch (Exception error)
#pragma warning restore CA1031
        {
            result.FailIf(true, error.Message);
            Console.Error.WriteLine(error);
        }

        return result;
    }

    private static void RunAgainst(ServerProcess server, IScenario scenario, LoadSettings settings, ScenarioResult result)
    {
        try
        {
            using var fleet = new Fleet(server, settings);
            scenario.Run(server, fleet, result);
            fleet.Report(result);
        }
        catch
        {
            Console.Error.WriteLine($"The server said:\n{server.LastLines}");
            throw;
        }
    }
}
