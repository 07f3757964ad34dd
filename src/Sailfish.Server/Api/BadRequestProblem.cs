using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;

namespace Sailfish.Server.Api;

/// <summary>A request that the framework could not read, as a problem that says where.</summary>
internal sealed class BadRequestProblem : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad)
            return false;
        await Results.Problem(DetailOf(bad), statusCode: bad.StatusCode).ExecuteAsync(context);
        return true;
    }

    private static string DetailOf(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => "The body is too large.",
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => "Send the body as application/json.",
        { InnerException: JsonException { Path: { Length: > 1 } path } } => $"The body does not fit this call at {path}.",
        { InnerException: JsonException } => "The body is not JSON, or not of this call.",
        _ => "A body is missing, or a parameter is not what this call takes.",
    };
}
