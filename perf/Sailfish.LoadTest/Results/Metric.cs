namespace Sailfish.LoadTest.Results;

/// <summary>One number of a result.</summary>
internal sealed record Metric(string Name, double Value, string Unit);
