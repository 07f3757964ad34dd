namespace Sailfish.Server.Nodes;

/// <summary>A node of the cluster, as the store has it.</summary>
/// <param name="Generation">Which start of it.</param>
/// <param name="Name">For people: the machine's.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Connections">As of its last renewal.</param>
/// <param name="Rooms">Rooms with members there.</param>
/// <param name="IsDraining">It is about to stop.</param>
/// <param name="Lease">How long its lease still holds, by the store's clock.</param>
internal sealed record NodeInfo(long Generation, string Name, string Version, int Connections, int Rooms, bool IsDraining, TimeSpan Lease);
