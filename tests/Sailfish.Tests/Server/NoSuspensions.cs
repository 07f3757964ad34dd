using Sailfish.Server.Identity;

namespace Sailfish.Tests.Server;

internal sealed class NoSuspensions : ISuspensionStore
{
    public IReadOnlyList<Suspension> LoadActive(long now) => [];

    public Task SaveAsync(Suspension suspension, CancellationToken cancellationToken) => Task.CompletedTask;
}
