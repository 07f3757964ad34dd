using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Transports;

namespace Sailfish.LoadTest.Harness;

/// <summary>A load on sessions of a server, which is started for each run.</summary>
internal abstract class ServerScenario : IScenario
{
    public abstract string Name { get; }

    /// <summary>What was asked for beside the transport.</summary>
    protected abstract string Options { get; }

    public string Parameters(LoadSettings settings) =>
        $"{Options} --transport {settings.Transport.Name()}"
        + (settings.Program == ServerProgram.Sailfish ? "" : $" against {settings.Program}");

    public void Run(LoadSettings settings, ScenarioResult result)
    {
        using var server = ServerProcess.Start(settings);
        try
        {
            using var fleet = new Fleet(server, settings);
            Run(server, fleet, result);
            fleet.Report(result);
        }
        catch
        {
            Console.Error.WriteLine($"The server said:\n{server.LastLines}");
            throw;
        }
    }

    protected abstract void Run(ServerProcess server, Fleet fleet, ScenarioResult result);
}
