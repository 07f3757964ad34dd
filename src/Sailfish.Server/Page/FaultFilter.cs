using Sailfish.Server.Hosting;

namespace Sailfish.Server.Page;

/// <summary>Answers a fault of the server's in the page's words: an envelope with code 500.</summary>
internal sealed class FaultFilter(ILogger<FaultFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
#pragma warning disable CA1031 // whatever it was, the page gets an envelope
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            PageLog.RequestFailed(logger, fault, LogText.Of(context.HttpContext.Request.Path));
            return Envelope.Failed();
        }
    }
}
