using Sailfish.Server.Rooms;

namespace Sailfish.Tests.Server.Rooms;

/// <summary>A store that keeps nothing.</summary>
internal sealed class NoRestrictions : IRestrictionStore
{
    public IReadOnlyList<RoomRestriction> LoadActive(long now) => [];

    public ValueTask<RoomRestriction?> FindAsync(RestrictionKey key, CancellationToken cancellationToken) => new((RoomRestriction?)null);

    public Task SaveAsync(RoomRestriction restriction, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveAsync(RestrictionKey key, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveEndedAsync(long now, CancellationToken cancellationToken) => Task.CompletedTask;
}
