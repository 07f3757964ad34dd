using Sailfish.Server.Hosting;

namespace Sailfish.Server.Page;

/// <summary>An answer that says after how many seconds it is worth asking again (RFC 9110, section 10.2.3).</summary>
internal sealed class RetryLater(IResult answer, TimeSpan after) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.RetryAfter = RetryAfter.SecondsOf(after);
        return answer.ExecuteAsync(httpContext);
    }
}
