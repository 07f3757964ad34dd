using Sailfish.Server.Hosting;

namespace Sailfish.Server.Messaging;

internal static class MessagingServices
{
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddSailfishOptions<ContentOptions, ContentOptionsValidator>("Content");
        services.AddSingleton<MessageMetrics>();
        services.AddSingleton<MessageService>();
        services.AddSingleton<IContentCheck, WordListCheck>();
        services.AddSingleton<ChatCheck>();
        services.AddSingleton<SpeakerNames>();
        services.AddStartCheck(services => services.GetRequiredService<IContentCheck>());
        services.AddSingleton<IBizHandler, ChatHandler>();
        return services;
    }
}
