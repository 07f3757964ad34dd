// More than a small machine has cores: much of a test's time is waiting.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace Sailfish.IntegrationTests.Harness;

/// <summary>Tests that keep the whole machine busy; others would wait for them.</summary>
[CollectionDefinition(nameof(BusyTests), DisableParallelization = true)]
public sealed class BusyTests;
