using System.Collections.Immutable;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Storage.Postgres;

/// <summary>Who takes over changes; called one after the other, in the order in which they came.</summary>
internal sealed class ChangeHandlers
{
    private ImmutableArray<(ChangeKind Kind, Func<Change, Task> Read)> _reads = [];
    private ImmutableArray<Func<Task>> _readAlls = [];

    public void Add(ChangeKind kind, Func<Change, Task> read) => ImmutableInterlocked.Update(ref _reads, all => all.Add((kind, read)));

    public void Add(Func<Task> readAll) => ImmutableInterlocked.Update(ref _readAlls, all => all.Add(readAll));

    public async Task ReadAsync(Change change)
    {
        foreach (var (kind, read) in _reads)
        {
            if (kind == change.Kind)
                await read(change);
        }
    }

    public async Task ReadAllAsync()
    {
        foreach (var readAll in _readAlls)
            await readAll();
    }
}
