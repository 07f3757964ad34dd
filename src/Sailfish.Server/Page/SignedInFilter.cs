namespace Sailfish.Server.Page;

/// <summary>Lets nobody but who is signed in to the handlers that take a <see cref="PageCaller"/>.</summary>
internal sealed class SignedInFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var caller = context.Arguments.OfType<PageCaller>().FirstOrDefault();
        return caller is null || await caller.FindAsync() ? await next(context) : Envelope.NotSignedIn();
    }
}
