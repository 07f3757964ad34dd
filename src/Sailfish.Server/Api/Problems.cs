using Microsoft.AspNetCore.Http.HttpResults;

namespace Sailfish.Server.Api;

/// <summary>RFC 9457 problems of the server API.</summary>
internal static class Problems
{
    public static ProblemHttpResult BadParameter(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest, title: "Bad parameter");

    public static ProblemHttpResult RoomClosed() =>
        TypedResults.Problem("The room is closed.", statusCode: StatusCodes.Status409Conflict, title: "Room closed");

    public static ProblemHttpResult NotStored(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable, title: "Not stored");
}
