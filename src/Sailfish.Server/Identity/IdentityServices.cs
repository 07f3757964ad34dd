using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;

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

    /// <summary>Those of the settings; none when they are kept elsewhere.</summary>
    public static List<AppConfig> ConfiguredApps(this IServiceProvider services)
    {
        var section = $"{ConfigurationCheck.Root}:{Apps}";
        var apps = services.GetRequiredService<IConfiguration>().GetSection(section).Get<List<AppConfig>>() ?? [];
        AppRules.Check(apps, section);
        return apps;
    }

    /// <summary>Those that are configured, or else those of the file of secrets, which is not made.</summary>
    private static void CheckApps(IServiceProvider services)
    {
        if (services.ConfiguredApps().Count == 0)
            SecretsFile.TryRead(services.GetRequiredService<IOptions<ServerOptions>>().Value.DataDir);
    }

    /// <summary>Those that are configured, or else those that are kept.</summary>
    private static AppTable LoadApps(IServiceProvider services)
    {
        var (store, configured) = (services.GetRequiredService<IAppStore>(), services.ConfiguredApps());
        return configured.Count > 0
            ? new AppTable(store.Load(configured))
            : new AppTable(store.Load([]), store, services.GetRequiredService<IChangeFeed>());
    }
}
