using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Sailfish.Protocol;

namespace Sailfish.Server.Page;

/// <summary>
/// Remembers a guest's id for the browser, which is where it is kept and nowhere else: so whoever loads the page again counts
/// as the same viewer. It is signed, so that nobody picks an id, and opens nothing beside it.
/// </summary>
internal sealed class GuestCookie(IDataProtectionProvider protection, IOptionsMonitor<CookieAuthenticationOptions> cookies, TimeProvider time)
{
    private const string Name = "sailfish-guest";
    private const int MaxLength = 1024;
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);
    private readonly IDataProtector _protector = protection.CreateProtector("Sailfish.Guest");

    private CookieAuthenticationOptions Session => cookies.Get(PageUser.Scheme);

    /// <summary>An id that nobody has, as far as chance goes: 52 bits of it.</summary>
    public static long NewId() =>
        Ids.FirstGuest | (BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & (Ids.FirstGuest - 1));

    /// <summary>Whose browser it is; null for one that comes for the first time, or with what this server never gave.</summary>
    public long? Find(HttpContext context) =>
        Session.CookieManager.GetRequestCookie(context, Name) is { Length: > 0 and < MaxLength } value
        && Ids.TryParse(Unprotect(value), out var id) && Ids.IsGuest(id) ? id : null;

    /// <summary>With each call: it lasts from the last one on.</summary>
    public void Give(HttpContext context, long id)
    {
        var options = Session.Cookie.Build(context);
        options.Expires = time.GetUtcNow() + Life;
        Session.CookieManager.AppendResponseCookie(context, Name, _protector.Protect(id.ToString(CultureInfo.InvariantCulture)), options);
    }

    private string? Unprotect(string value)
    {
        try
        {
            return _protector.Unprotect(value);
        }
        catch (CryptographicException)
        {
            // Another server's, or made up.
            return null;
        }
    }
}
