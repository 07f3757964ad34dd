using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Identity;

internal static class IdentityServices
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton(new KnownSection("Apps", typeof(List<AppConfig>)));
        services.AddSingleton(LoadApps);
        services.AddStartCheck(CheckApps);
        services.AddSingleton<TokenService>();
        services.AddSingleton<RevocationTable>();
        services.AddSingleton<SuspensionTable>();
        return services;
    }

    private static void CheckApps(IServiceProvider services)
    {
        var (apps, source) = AppsOf(services, mayMake: false);
        Check(apps, source);
    }

    private static AppTable LoadApps(IServiceProvider services)
    {
        var (apps, source) = AppsOf(services, mayMake: true);
        Check(apps, source);
        return new AppTable(apps);
    }

    /// <summary>Those that are configured, or else those of the file of secrets.</summary>
    /// <param name="services">The options.</param>
    /// <param name="mayMake">Whether the file is made when it is needed and missing; else there are none then.</param>
    private static (List<AppConfig> Apps, string Source) AppsOf(IServiceProvider services, bool mayMake)
    {
        var section = $"{ConfigurationCheck.Root}:Apps";
        var apps = services.GetRequiredService<IConfiguration>().GetSection(section).Get<List<AppConfig>>() ?? [];
        if (apps.Count > 0)
            return (apps, section);
        var options = services.GetRequiredService<IOptions<ServerOptions>>().Value;
        var path = Path.Combine(options.DataDir, SecretsFile.Name);
        return (mayMake || File.Exists(path) ? SecretsFile.ReadOrCreate(mayMake ? DataFolder.Make(options) : options.DataDir) : [], path);
    }

    private static void Check(List<AppConfig> apps, string source)
    {
        var validator = new AppConfigValidator();
        foreach (var (app, i) in apps.Select((app, i) => (app, i)))
        {
            // The name of the class says nothing to who wrote the setting.
            if (validator.Validate(null, app) is { Failed: true } result)
                throw new ConfigurationException($"{source}:{i}:{result.FailureMessage.Replace($"{nameof(AppConfig)}.", "", StringComparison.Ordinal)}");
        }

        if (apps.Select(a => a.AppId).Distinct().Count() < apps.Count)
            throw new ConfigurationException($"{source}: two apps have the same AppId.");
        // A key opens one app: with two, one app's server would see the other's users.
        if (apps.Select(a => a.ApiKey).Distinct().Count() < apps.Count)
            throw new ConfigurationException($"{source}: two apps have the same ApiKey.");
    }
}
