namespace Sailfish.Server.Identity;

/// <summary>Where suspensions outlive a restart.</summary>
internal interface ISuspensionStore
{
    /// <summary>Those that still hold at <paramref name="now"/>, milliseconds since 1970.</summary>
    IReadOnlyList<Suspension> LoadActive(long now);

    /// <summary>A user's, which may be over; null where there is none.</summary>
    ValueTask<Suspension?> FindAsync(long appId, long userId, CancellationToken cancellationToken);

    /// <summary>With an end of 0 there is none.</summary>
    Task SaveAsync(Suspension suspension, CancellationToken cancellationToken);
}

/// <summary>Until when a user is suspended, in milliseconds since 1970.</summary>
internal sealed record Suspension(long AppId, long UserId, long Until);
