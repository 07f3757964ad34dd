namespace Sailfish.Server.Nodes;

/// <summary>
/// Rings when this node has stored changes that other nodes are to hear of: whoever can tell them so does, and they look at
/// once. Without anybody they hear of it within a second.
/// </summary>
internal sealed class ChangeBell
{
    /// <summary>In the thread of whoever stored them: what it calls never waits and never throws.</summary>
    public event Action? Rung;

    public void Ring() => Rung?.Invoke();
}
