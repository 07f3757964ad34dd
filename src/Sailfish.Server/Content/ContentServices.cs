using Sailfish.Server.Hosting;

namespace Sailfish.Server.Content;

internal static class ContentServices
{
    public static IServiceCollection AddContent(this IServiceCollection services)
    {
        services.AddSailfishOptions<ContentOptions, ContentOptionsValidator>("Content");
        services.AddSingleton<IContentCheck, WordListCheck>();
        services.AddStartCheck(services => services.GetRequiredService<IContentCheck>());
        return services;
    }
}
