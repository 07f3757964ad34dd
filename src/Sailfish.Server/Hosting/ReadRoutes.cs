namespace Sailfish.Server.Hosting;

/// <summary>Routes that give something, or its head alone (RFC 9110, 9.3.2).</summary>
internal static class ReadRoutes
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>As MapGet, for HEAD too.</summary>
    public static RouteHandlerBuilder MapGetAndHead(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => routes.MapMethods(pattern, Methods, handler);
}
