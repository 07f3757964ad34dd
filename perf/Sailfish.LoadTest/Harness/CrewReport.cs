namespace Sailfish.LoadTest.Harness;

/// <summary>What became of a crew's sessions.</summary>
internal sealed record CrewReport(long HeartbeatsSent, long HeartbeatsAnswered, IReadOnlyList<string> Failures);
