namespace Sailfish.Server.Nodes;

/// <summary>The feed of a server that is alone: whatever changes, it has changed itself.</summary>
internal sealed class NoChanges : IChangeFeed
{
    public void On(ChangeKind kind, Func<Change, Task> read)
    {
    }

    public void OnMissed(Func<Task> readAll)
    {
    }
}
