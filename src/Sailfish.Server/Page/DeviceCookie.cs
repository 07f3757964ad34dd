using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Page;

/// <summary>
/// Marks a browser that has been signed in to an account: a lock that strangers cause does not hold for it (OWASP, "Slow Down
/// Online Guessing Attacks with Device Cookies"). It opens nothing.
/// </summary>
internal sealed class DeviceCookie(IDataProtectionProvider protection, IOptionsMonitor<CookieAuthenticationOptions> cookies, TimeProvider time)
{
    private const string Name = "sailfish-device";
    private const int NonceBytes = 12;
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);
    private readonly IDataProtector _protector = protection.CreateProtector("Sailfish.Device");

    private CookieAuthenticationOptions Session => cookies.Get(PageUser.Scheme);

    /// <summary>Who tries to sign in with this request: a session that still lasts is as good a mark.</summary>
    public async ValueTask<SignInSource> SourceOfAsync(HttpContext context)
    {
        var address = ClientAddress.Of(context).ToString();
        if (await PageUser.FindIdAsync(context) is { } user && await PageUser.FindSessionAsync(context) is { } session)
            return new SignInSource(address, user, session);
        if (Session.CookieManager.GetRequestCookie(context, Name) is not { Length: > 0 and < 1024 } value || Unprotect(value) is not { } text)
            return new SignInSource(address);
        var parts = text.Split(':');
        return parts.Length == 2 && Ids.TryParse(parts[0], out var account) ? new SignInSource(address, account, parts[1]) : new SignInSource(address);
    }

    /// <summary>With a sign-in and with its end: until then the session itself is the mark.</summary>
    public void Give(HttpContext context, long account)
    {
        var options = Session.Cookie.Build(context);
        options.Expires = time.GetUtcNow() + Life;
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));
        var value = _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{account}:{nonce}"));
        Session.CookieManager.AppendResponseCookie(context, Name, value, options);
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
