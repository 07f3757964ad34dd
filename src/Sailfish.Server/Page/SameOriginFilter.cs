namespace Sailfish.Server.Page;

/// <summary>
/// Refuses a POST that another site's page makes a browser send: beside the cookie's SameSite=Lax, for browsers that
/// treat it loosely and for sites under the same domain.
/// </summary>
internal sealed class SameOriginFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var origin = request.Headers.Origin.ToString();
        var isOwn = origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
        return isOwn ? await next(context) : Envelope.NotAllowed("The request comes from another site.");
    }
}
