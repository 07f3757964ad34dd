namespace Sailfish.Server.Identity;

/// <summary>Where revocations outlive a restart.</summary>
internal interface IRevocationStore
{
    IReadOnlyList<Revocation> LoadAll();

    /// <summary>A user's; null where there is none.</summary>
    ValueTask<Revocation?> FindAsync(long appId, long userId, CancellationToken cancellationToken);

    Task SaveAsync(Revocation revocation, CancellationToken cancellationToken);
}

/// <summary>The user's tokens minted up to <paramref name="Before"/> (milliseconds since 1970) are void.</summary>
internal sealed record Revocation(long AppId, long UserId, long Before);
