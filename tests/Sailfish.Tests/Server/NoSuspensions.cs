using Sailfish.Server.Identity;

namespace Sailfish.Tests.Server;

internal sealed class NoSuspensions : ISuspensionStore
{
    public IReadOnlyList<Suspension> LoadActive(long now) => [];

    public ValueTask<Suspension?> FindAsync(long appId, long userId, CancellationToken cancellationToken) => new((Suspension?)null);

    public Task SaveAsync(Suspension suspension, CancellationToken cancellationToken) => Task.CompletedTask;
}
