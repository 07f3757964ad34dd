namespace Sailfish.Server.Rooms;

/// <summary>Where a room's mutes and bans outlive a restart.</summary>
internal interface IRestrictionStore
{
    /// <summary>Those that still hold at <paramref name="now"/>, milliseconds since 1970; the others are deleted.</summary>
    IReadOnlyList<RoomRestriction> LoadActive(long now);

    /// <summary>Which may be over; null where there is none.</summary>
    ValueTask<RoomRestriction?> FindAsync(RestrictionKey key, CancellationToken cancellationToken);

    Task SaveAsync(RoomRestriction restriction, CancellationToken cancellationToken);

    Task RemoveAsync(RestrictionKey key, CancellationToken cancellationToken);

    /// <summary>Deletes those that have ended by <paramref name="now"/>.</summary>
    Task RemoveEndedAsync(long now, CancellationToken cancellationToken);
}

internal enum RestrictionKind
{
    /// <summary>May read, not write.</summary>
    Muted,

    /// <summary>May not join.</summary>
    Banned,
}

/// <summary>Who may not do what where.</summary>
internal readonly record struct RestrictionKey(long AppId, long RoomId, long UserId, RestrictionKind Kind);

/// <summary>A restriction until a time in milliseconds since 1970.</summary>
internal sealed record RoomRestriction(RestrictionKey Key, long Until);
