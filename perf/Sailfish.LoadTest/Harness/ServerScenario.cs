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
        + (settings.Nodes == 1 ? "" : $" --nodes {settings.Nodes} --bus {settings.Bus.ToString().ToLowerInvariant()}")
        + (settings.Program == ServerProgram.Sailfish ? "" : $" against {settings.Program}");

    public void Run(LoadSettings settings, ScenarioResult result)
    {
        using var servers = Servers.Start(settings);
        try
        {
            using var fleet = new Fleet(servers, settings);
            Run(servers, fleet, result);
            fleet.Report(result);
        }
        catch
        {
            Console.Error.WriteLine($"The server said:\n{servers.LastLines}");
            throw;
        }
    }

    protected abstract void Run(Servers servers, Fleet fleet, ScenarioResult result);
}
