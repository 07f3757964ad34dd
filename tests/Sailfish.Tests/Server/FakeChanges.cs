using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server;

/// <summary>A feed of changes by hand.</summary>
internal sealed class FakeChanges : IChangeFeed
{
    private readonly List<(ChangeKind Kind, Func<Change, Task> Read)> _reads = [];
    private readonly List<Func<Task>> _readAlls = [];

    public void On(ChangeKind kind, Func<Change, Task> read) => _reads.Add((kind, read));

    public void OnMissed(Func<Task> readAll) => _readAlls.Add(readAll);

    public async Task TellAsync(Change change)
    {
        foreach (var (kind, read) in _reads)
        {
            if (kind == change.Kind)
                await read(change);
        }
    }

    public async Task MissAsync()
    {
        foreach (var readAll in _readAlls)
            await readAll();
    }
}
