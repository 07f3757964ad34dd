namespace Sailfish.LoadTest.Scenarios;

/// <summary>What came of a process of viewers.</summary>
/// <param name="Failures">What they did not get.</param>
internal sealed record WatchReport(IReadOnlyList<string> Failures);
