using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Sailfish.Server.Configuration;

namespace Sailfish.Server.Accounts;

internal static class AccountsServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton(new KnownSection("Apps", typeof(List<AppConfig>)));
        services.AddSingleton(LoadApps);
        services.AddSailfishOptions<AccountOptions, AccountOptionsValidator>("Accounts");
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordHashing.Iterations);
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<PageSessionTable>();
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<AccountService>();
        services.AddSingleton<NameCheck>();
        services.AddSingleton<UsedIdTable>();
        services.AddSingleton<AvatarStore>();
        services.AddSingleton<Lockout>();
        return services;
    }

    private static AppTable LoadApps(IServiceProvider services)
    {
        var apps = services.GetRequiredService<IConfiguration>().GetSection($"{ConfigurationCheck.Root}:Apps").Get<List<AppConfig>>() ?? [];
        var source = $"{ConfigurationCheck.Root}:Apps";
        if (apps.Count == 0)
        {
            var dataDir = DataFolder.Make(services.GetRequiredService<IOptions<ServerOptions>>().Value);
            apps = SecretsFile.ReadOrCreate(dataDir);
            source = Path.Combine(dataDir, SecretsFile.Name);
        }

        var validator = new AppConfigValidator();
        foreach (var (app, i) in apps.Select((app, i) => (app, i)))
        {
            var result = validator.Validate(null, app);
            if (result.Failed)
                throw new ConfigurationException($"{source}:{i}:{result.FailureMessage}");
        }

        if (apps.Select(a => a.AppId).Distinct().Count() < apps.Count)
            throw new ConfigurationException($"{source}: two apps have the same AppId.");
        // A key opens one app: with two, one app's server would see the other's users.
        if (apps.Select(a => a.ApiKey).Distinct().Count() < apps.Count)
            throw new ConfigurationException($"{source}: two apps have the same ApiKey.");
        return new AppTable(apps);
    }
}
