namespace Sailfish.LoadTest.Harness;

/// <summary>A process with more sessions than this one can hold.</summary>
internal sealed class Crew(CrewOrder order) : WorkerProcess<CrewReport>(CrewWorker.CommandName, order);
