using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Harness;

/// <summary>One thing to measure.</summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>What was asked for, as one would type it.</summary>
    string Parameters(LoadSettings settings);

    /// <summary>Measures once.</summary>
    void Run(LoadSettings settings, ScenarioResult result);
}
