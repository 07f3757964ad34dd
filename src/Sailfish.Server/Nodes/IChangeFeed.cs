namespace Sailfish.Server.Nodes;

/// <summary>
/// Tells what another node, or this one, has changed in what they all keep in memory. A change comes within a second of its
/// commit, may come more than once, and says only which key to read again. One server alone hears of nothing.
/// </summary>
internal interface IChangeFeed
{
    /// <summary>Calls for each change of a kind. What throws is called again with the next look.</summary>
    void On(ChangeKind kind, Func<Change, Task> read);

    /// <summary>Calls when changes may have been missed: whatever is in memory is to be read whole.</summary>
    void OnMissed(Func<Task> readAll);
}
