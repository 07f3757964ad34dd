using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Api;

/// <summary>RFC 9457 problems of the server API.</summary>
internal static class Problems
{
    public static ProblemHttpResult BadParameter(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: "Bad parameter");

    public static ProblemHttpResult RoomClosed() =>
        TypedResults.Problem("The room is closed.", statusCode: StatusCodes.Status409Conflict, title: "Room closed");

    public static ProblemHttpResult NotFound(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound, title: "Not found");

    public static ProblemHttpResult Conflict(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status409Conflict, title: "Conflict");

    /// <summary>For what cannot be done with the id of somebody who only looks.</summary>
    public static ProblemHttpResult Guest() => Conflict("Ids from 2^52 up are guests': nobody writes to them, mutes them or mints tokens for them.");

    public static ProblemHttpResult NotStored(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not stored");

    public static ProblemHttpResult TooOften(HttpContext context, TimeSpan retryAfter)
    {
        context.Response.Headers.RetryAfter = RetryAfter.SecondsOf(retryAfter);
        return TypedResults.Problem("Too many passwords wait to be looked at.", statusCode: StatusCodes.Status429TooManyRequests, title: "Too often");
    }
}
