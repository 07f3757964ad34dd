namespace Sailfish.Server.Accounts;

/// <summary>Who tries to sign in, as far as a lock is concerned.</summary>
/// <param name="Address">The client's address.</param>
/// <param name="DeviceAccount">The account that was signed in to before in this browser.</param>
/// <param name="Device">The browser's own mark, given at that sign-in.</param>
internal readonly record struct SignInSource(string Address, long? DeviceAccount = null, string? Device = null)
{
    /// <summary>The device, when it was this account's.</summary>
    public string? DeviceFor(Account? account) => account is not null && account.Id == DeviceAccount && Device is not null ? $"device:{Device}" : null;
}
