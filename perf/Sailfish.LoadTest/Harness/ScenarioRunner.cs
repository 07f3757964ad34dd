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
        using var server = ServerProcess.Start(settings);
        try
        {
            using var fleet = new Fleet(server, settings);
            scenario.Run(server, fleet, result);
            fleet.Report(result);
        }
        catch (LoadTestException error)
        {
            result.FailIf(true, error.Message);
            Console.Error.WriteLine($"{error.Message}\nThe server said:\n{server.LastLines}");
        }

        return result;
    }
}
