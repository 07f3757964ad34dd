using System.Text.Json.Serialization;

namespace Sailfish.Server.Page;

/// <summary>What the page API answers with: <c>{"code":200,"msg":"success","data":…}</c> (docs/protocol.md, section 7.1).</summary>
internal sealed record Envelope(int Code, string Msg, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] object? Data)
{
    private const int BusinessCode = 501;

    public static IResult Ok(object? data = null) => Of(StatusCodes.Status200OK, "success", data);

    public static IResult Bad(string message) => Of(StatusCodes.Status400BadRequest, message);

    public static IResult NotSignedIn(string message = "Sign in first.") => Of(StatusCodes.Status401Unauthorized, message);

    public static IResult NotAllowed(string message) => Of(StatusCodes.Status403Forbidden, message);

    public static IResult TooOften(TimeSpan retryAfter, string message = "Too often. Try again later.") =>
        new RetryLater(Of(StatusCodes.Status429TooManyRequests, message), retryAfter);

    public static IResult Failed() => Of(StatusCodes.Status500InternalServerError, "The server failed.");

    public static IResult Business(string message) => Of(BusinessCode, message);

    /// <summary>The HTTP status is 200 but for 401, 403, 429 and 500, which match.</summary>
    private static IResult Of(int code, string message, object? data = null) => Results.Json(
        new Envelope(code, message, data),
        statusCode: code is 401 or 403 or 429 or 500 ? code : StatusCodes.Status200OK);
}
