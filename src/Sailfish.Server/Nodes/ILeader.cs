namespace Sailfish.Server.Nodes;

/// <summary>
/// Lets one node do what is to be done once for all of them. A server that is alone asks nobody. The lead may end at any moment,
/// so whatever its holder writes asks for it once more, in the statement that writes.
/// </summary>
internal interface ILeader
{
    /// <summary>Takes the lead in something for the next seconds, or keeps it; false when another node has it.</summary>
    ValueTask<bool> TryLeadAsync(string name, CancellationToken cancellationToken);
}
