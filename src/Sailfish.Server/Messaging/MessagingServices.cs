namespace Sailfish.Server.Messaging;

internal static class MessagingServices
{
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddSingleton<MessageMetrics>();
        services.AddSingleton<MessageService>();
        services.AddSingleton<MessageWriter>();
        services.AddSingleton<ChatCheck>();
        services.AddSingleton<SpeakerNames>();
        services.AddSingleton<IBizHandler, ChatHandler>();
        return services;
    }
}
