namespace Sailfish.Server.Hosting;

/// <summary>
/// What a section's settings name outside of them, such as a certificate: looked at before the start, and by <c>check</c>.
/// It makes and opens nothing that lasts, and throws a <see cref="ConfigurationException"/>.
/// </summary>
/// <param name="Run">Of services of which only options are made.</param>
internal sealed record StartCheck(Action<IServiceProvider> Run);

internal static class StartChecks
{
    public static IServiceCollection AddStartCheck(this IServiceCollection services, Action<IServiceProvider> run) =>
        services.AddSingleton(new StartCheck(run));
}
