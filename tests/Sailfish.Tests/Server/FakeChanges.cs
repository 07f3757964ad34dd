using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.Tests.Server;

/// <summary>A feed of changes by hand.</summary>
internal sealed class FakeChanges : IChangeFeed
{
    private readonly ChangeHandlers _handlers = new();

    public void On(ChangeKind kind, Func<Change, Task> read) => _handlers.Add(kind, read);

    public void OnMissed(Func<Task> readAll) => _handlers.Add(readAll);

    public Task TellAsync(Change change) => _handlers.ReadAsync(change);

    public Task MissAsync() => _handlers.ReadAllAsync();
}
