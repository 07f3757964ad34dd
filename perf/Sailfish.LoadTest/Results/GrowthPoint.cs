namespace Sailfish.LoadTest.Results;

/// <summary>What a delivery costs in a room of a size.</summary>
/// <param name="Members">Members of the room.</param>
/// <param name="CpuNanoseconds">CPU that the server takes for one delivery.</param>
/// <param name="Nanoseconds">Time from one delivery to the next, whoever is waited for.</param>
internal sealed record GrowthPoint(int Members, double CpuNanoseconds, double Nanoseconds);
