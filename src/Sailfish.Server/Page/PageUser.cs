using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Page;

/// <summary>Who is signed in on the page, by the cookie.</summary>
internal static class PageUser
{
    public const string Scheme = "Page";

    /// <summary>Null when nobody is signed in, or the account is gone.</summary>
    public static async ValueTask<Account?> FindAsync(HttpContext context)
    {
        var id = await FindIdAsync(context);
        if (id is null)
            return null;
        var apps = context.RequestServices.GetRequiredService<AppTable>();
        return await context.RequestServices.GetRequiredService<AccountDirectory>().FindAsync(apps.First.AppId, id.Value, context.RequestAborted);
    }

    public static Task SignInAsync(HttpContext context, Account account)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, account.Id.ToString(CultureInfo.InvariantCulture))], Scheme);
        return context.SignInAsync(Scheme, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
    }

    public static Task SignOutAsync(HttpContext context) => context.SignOutAsync(Scheme);

    private static async ValueTask<long?> FindIdAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(Scheme);
        return Protocol.Ids.TryParse(ticket.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;
    }
}
