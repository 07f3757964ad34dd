using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Audit;
using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;
using Sailfish.Server.Sessions;

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

    /// <summary>The public name of the session that the request comes with.</summary>
    public static async ValueTask<string?> FindSessionAsync(HttpContext context) => SessionOf((await context.AuthenticateAsync(Scheme)).Principal);

    /// <summary>Whose cookie it is; null for a bad one or none.</summary>
    public static async ValueTask<long?> FindIdAsync(HttpContext context) => IdOf((await context.AuthenticateAsync(Scheme)).Principal);

    /// <summary>
    /// False when the account has another password meanwhile, or is suspended: then nobody is signed in. The session whose
    /// cookie the new one replaces ends: no browser has it any more.
    /// </summary>
    public static async Task<bool> SignInAsync(HttpContext context, Account account)
    {
        var services = context.RequestServices;
        var (before, replaced) = (await FindIdAsync(context), await FindSessionAsync(context));
        var address = context.Connection.RemoteIpAddress is { } ip ? (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).ToString() : "";
        var pages = services.GetRequiredService<PageSessionTable>();
        var (secret, ended) = await pages.OpenAsync(account, address, context.Request.Headers.UserAgent.ToString());
        if (secret is null)
            return false;
        // Whoever suspends ends the sessions that there are: this one may have come just after.
        if (IsSuspended(context, account.Id))
        {
            await pages.EndAsync(account.Id, PageSessionTable.IdOf(secret));
            return false;
        }

        services.GetRequiredService<AccessService>().Close(KeyOf(context, account.Id), [.. ended]);
        if (before is { } user && replaced is not null)
            await EndReplacedAsync(context, KeyOf(context, user), replaced);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, account.Id.ToString(CultureInfo.InvariantCulture)), new Claim(ClaimTypes.Sid, secret)], Scheme);
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
        return true;
    }

    public static Task SignOutAsync(HttpContext context) => context.SignOutAsync(Scheme);

    /// <summary>With each request: a cookie is good while its session lasts and its account is not suspended.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<PageSessionTable>();
        var user = IdOf(context.Principal) ?? 0;
        if (SessionOf(context.Principal) is { } id && await sessions.FindAsync(user, id) is { } session
            && !IsSuspended(context.HttpContext, user))
            await sessions.TouchAsync(session);
        else
            context.RejectPrincipal();
    }

    private static async Task EndReplacedAsync(HttpContext context, UserKey user, string session)
    {
        var services = context.RequestServices;
        if ((await services.GetRequiredService<PageSessionTable>().EndAsync(user.UserId, session)).Count == 0)
            return;
        services.GetRequiredService<AuditLog>().SessionEnded(AuditActor.User(user.UserId, context), session);
        // After the answer: a tab whose connection ends asks who is signed in, and should have the new cookie then. What is
        // sent first need not be there first, though: the page asks twice.
        var access = services.GetRequiredService<AccessService>();
        context.Response.OnCompleted(() =>
        {
            access.Close(user, [session]);
            return Task.CompletedTask;
        });
    }

    private static bool IsSuspended(HttpContext context, long account) =>
        context.RequestServices.GetRequiredService<SuspensionTable>().IsSuspended(KeyOf(context, account));

    private static UserKey KeyOf(HttpContext context, long account) =>
        new(context.RequestServices.GetRequiredService<AppTable>().First.AppId, account);

    private static long? IdOf(ClaimsPrincipal? principal) =>
        Protocol.Ids.TryParse(principal?.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    private static string? SessionOf(ClaimsPrincipal? principal) =>
        principal?.FindFirstValue(ClaimTypes.Sid) is { } secret ? PageSessionTable.IdOf(secret) : null;
}
