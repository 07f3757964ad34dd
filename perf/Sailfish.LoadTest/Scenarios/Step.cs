using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>One scenario of a plan, and the key of its result.</summary>
internal sealed record Step(string Key, IScenario Scenario, LoadSettings Settings, params IReadOnlyList<Bound> Bounds);
