using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Identity;

internal static class IdentityServices
{
    private const string Apps = "Apps";

    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton(new KnownSection(Apps, typeof(List<AppConfig>)));
        services.AddSingleton(LoadApps);
        services.AddStartCheck(CheckApps);
        services.AddSingleton<TokenService>();
        services.AddSingleton<RevocationTable>();
        services.AddSingleton<SuspensionTable>();
        return services;
    }

    /// <summary>Those that are configured, or else those of the file of secrets, which is not made.</summary>
    private static void CheckApps(IServiceProvider services)
    {
        if (Configured(services).Count == 0)
            SecretsFile.TryRead(services.GetRequiredService<IOptions<ServerOptions>>().Value.DataDir);
    }

    /// <summary>Those that are configured, or else those that are kept.</summary>
    private static AppTable LoadApps(IServiceProvider services) => new(services.GetRequiredService<IAppStore>().Load(Configured(services)));

    private static List<AppConfig> Configured(IServiceProvider services)
    {
        var section = $"{ConfigurationCheck.Root}:{Apps}";
        var apps = services.GetRequiredService<IConfiguration>().GetSection(section).Get<List<AppConfig>>() ?? [];
        AppRules.Check(apps, section);
        return apps;
    }
}
