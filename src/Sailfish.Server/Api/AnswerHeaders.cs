namespace Sailfish.Server.Api;

/// <summary>What every answer says of itself, unless who makes it knows better.</summary>
internal static class AnswerHeaders
{
    private static readonly TimeSpan StrictFor = TimeSpan.FromDays(180);

    public static IServiceCollection AddAnswerHeaders(this IServiceCollection services) => services.AddHsts(options =>
    {
        options.MaxAge = StrictFor;
        // Whoever gives a loopback name a certificate means it.
        options.ExcludedHosts.Clear();
    });

    public static void UseAnswerHeaders(this WebApplication app)
    {
        app.UseHsts();
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            // What is served is what it says it is, whoever made it.
            headers.XContentTypeOptions = "nosniff";
            // Tokens and private messages stay in no cache; the page's files and the pictures say otherwise.
            headers.CacheControl = "no-store";
            return next(context);
        });
    }
}
