namespace Sailfish.Server.Page;

/// <summary>Refuses calls of who is signed in and calls too often: each may cost a write.</summary>
internal sealed class PageRateFilter(PageRate rate) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await PageUser.FindIdAsync(context.HttpContext) is { } account && rate.TakeCall(account) is { } wait
            ? Envelope.TooOften(wait)
            : await next(context);
}
