namespace Sailfish.Server.Accounts;

/// <summary>
/// Wrong passwords by name and by who tries, whether or not the name exists: so a lock tells nothing about who has an account,
/// and who locks a name locks it for himself. An attempt counts before the password is looked at, so that many at once, on
/// whichever node, are no way around.
/// </summary>
internal interface ILockout
{
    /// <summary>Begins an attempt. Not when <see cref="LockoutAttempt.Wait"/> says how long the name is locked.</summary>
    /// <param name="name">The key of the name.</param>
    /// <param name="device">A device that was signed in before, which no stranger can lock; null for none.</param>
    /// <param name="address">Who tries, else.</param>
    ValueTask<LockoutAttempt> BeginAsync(string name, string? device, string address);

    /// <summary>The password was right: what was wrong before is forgiven to whoever tried, not to all.</summary>
    ValueTask SucceededAsync(LockoutAttempt attempt);

    /// <summary>The password was not looked at.</summary>
    ValueTask CancelledAsync(LockoutAttempt attempt);
}

/// <summary>An attempt that counts as wrong until it is said to be right, or how long there is to wait before one.</summary>
internal sealed record LockoutAttempt(string Name, string Source, bool IsCountedForAll, TimeSpan? Wait);
