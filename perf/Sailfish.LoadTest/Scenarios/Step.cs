using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>One scenario of a plan, and the key of its result.</summary>
internal sealed record Step(string Key, IScenario Scenario, LoadSettings Settings, params IReadOnlyList<Bound> Bounds)
{
    /// <summary>One plan after the other, each asked for its steps when its turn has come.</summary>
    internal static IEnumerable<Step> InTurn(params IEnumerable<Step>[] plans) => plans.SelectMany(plan => plan);
}
