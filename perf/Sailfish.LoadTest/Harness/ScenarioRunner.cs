using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>Runs a scenario as often as asked and makes one result of the runs.</summary>
internal static class ScenarioRunner
{
    internal static ScenarioResult Run(IScenario scenario, LoadSettings settings)
    {
        if (settings.Pin)
            Cores.Pin(settings.LoadCore);
        else
            Cores.Free();
        var parameters = scenario.Parameters(settings);
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
            scenario.Run(settings, result);
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
}
