using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Living;

/// <summary>A feed of changes that a test feeds.</summary>
internal sealed class HandFeed : IChangeFeed
{
    private readonly List<(ChangeKind Kind, Func<Change, Task> Read)> _readers = [];
    private readonly List<Func<Task>> _missed = [];

    public void On(ChangeKind kind, Func<Change, Task> read) => _readers.Add((kind, read));

    public void OnMissed(Func<Task> readAll) => _missed.Add(readAll);

    public async Task TellAsync(Change change)
    {
        foreach (var (_, read) in _readers.Where(r => r.Kind == change.Kind))
            await read(change);
    }

    public async Task MissAsync()
    {
        foreach (var readAll in _missed)
            await readAll();
    }
}
