using Sailfish.Server.Hosting;

namespace Sailfish.Server.Gateway;

/// <summary>What each request of HTTP passes on its way to the page and the API.</summary>
internal static class HttpFront
{
    public static void UseFront(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHeadCheck();
        app.UsePathBase(app.Services.GetRequiredService<PathBase>().Value);
        app.UseRouting();
        // The WebSocket port carries nothing else.
        var ports = app.Services.GetRequiredService<BoundPorts>();
        app.Use((context, next) =>
        {
            if (context.Connection.LocalPort != ports.Of(BoundPorts.WebSocket).Port)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
