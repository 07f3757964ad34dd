namespace Sailfish.IntegrationTests.Harness;

/// <summary>Tests that keep the whole machine busy; others would wait for them.</summary>
[CollectionDefinition(nameof(BusyTests), DisableParallelization = true)]
public sealed class BusyTests;
