using Microsoft.AspNetCore.Authentication.Cookies;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Page;

/// <summary>
/// Names a cookie <c>__Host-…</c> wherever browsers keep such a one, which is where it is Secure and the whole host's: then
/// no other host of the domain, and nobody on a connection without TLS, can put one in its place. Where the page stands
/// below a path, or without TLS, it has the plain name.
/// </summary>
internal sealed class PageCookies(CookieSecure secure, bool isBelowPath) : ICookieManager
{
    private readonly ChunkingCookieManager _chunks = new();

    public string? GetRequestCookie(HttpContext context, string key) => _chunks.GetRequestCookie(context, NameOf(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _chunks.AppendResponseCookie(context, NameOf(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        _chunks.DeleteCookie(context, NameOf(context, key), options);

    private string NameOf(HttpContext context, string key)
    {
        var isSecure = secure == CookieSecure.Always || context.Request.IsHttps;
        return isSecure && !isBelowPath ? $"__Host-{key}" : key;
    }
}
