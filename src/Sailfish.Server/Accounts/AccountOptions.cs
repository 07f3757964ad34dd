using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Accounts;

/// <summary><c>Sailfish:Accounts</c>: sign-up and sign-in on the page.</summary>
public sealed class AccountOptions
{
    /// <summary>Whether people may sign up.</summary>
    public bool SignUp { get; set; } = true;

    /// <summary>Sign-ups, sign-ins and changes of passwords a minute from one address; 0 = no limit.</summary>
    [Range(0, 1_000_000)]
    public int AttemptsPerMinute { get; set; } = 30;

    /// <summary>Wrong passwords in a row after which a name is locked for the address that they came from.</summary>
    [Range(1, 1000)]
    public int MaxFailures { get; set; } = 5;

    /// <summary>Seconds that a lock lasts.</summary>
    [Range(1, 86_400)]
    public int LockSeconds { get; set; } = 60;

    /// <summary>Hours until a cookie of somebody who does not come expires.</summary>
    [Range(1, 8760)]
    public int CookieHours { get; set; } = 24 * 14;

    /// <summary>Days until somebody has to sign in again, however often he comes.</summary>
    [Range(1, 3650)]
    public int SessionDays { get; set; } = 90;

    /// <summary>Calls of the page a second by one account in the long run; 0 = no limit.</summary>
    [Range(0, 1_000_000)]
    public int CallsPerSecond { get; set; } = 10;

    /// <summary>Calls of the page by one account at once.</summary>
    [Range(1, 1_000_000)]
    public int CallsBurst { get; set; } = 120;

    /// <summary>Pictures that one account may upload a minute in the long run, twenty at once; 0 = no limit.</summary>
    [Range(0, 1_000_000)]
    public int PicturesPerMinute { get; set; } = 10;

    /// <summary>When the cookie is for TLS only: where the request came over it (Auto), or always.</summary>
    public CookieSecure CookieSecure { get; set; }
}

/// <summary>Checks <see cref="AccountOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class AccountOptionsValidator : IValidateOptions<AccountOptions>;
