using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;

namespace Sailfish.Server.Page;

/// <summary>
/// Refuses a POST that another site's page makes a browser send: beside the cookie's SameSite=Lax, for browsers that
/// treat it loosely and for sites under the same domain.
/// </summary>
internal sealed class SameOriginFilter(IOptions<AccountOptions> options) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var origin = request.Headers.Origin.ToString();
        var isSecure = request.IsHttps || options.Value.CookieSecure == CookieSecure.Always;
        return origin.Length == 0 || IsOwn(origin, request.Host, isSecure)
            ? await next(context)
            : Envelope.NotAllowed("The request comes from another site.");
    }

    /// <summary>
    /// The same host and port, and TLS where the page is served with it: who can write into what comes without TLS is
    /// another. A proxy with TLS may not say so, and without that any scheme is ours.
    /// </summary>
    private static bool IsOwn(string origin, HostString host, bool isSecure) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && (from.Scheme == Uri.UriSchemeHttps || (from.Scheme == Uri.UriSchemeHttp && !isSecure))
        // With the origin's scheme, so that its own port is the same said and unsaid.
        && Uri.TryCreate($"{from.Scheme}://{host.Value}", UriKind.Absolute, out var own)
        && string.Equals(from.Authority, own.Authority, StringComparison.OrdinalIgnoreCase);
}
