using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>One kind of load.</summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>What was asked for, as one would type it.</summary>
    string Parameters { get; }

    void Run(ServerProcess server, Fleet fleet, ScenarioResult result);
}
