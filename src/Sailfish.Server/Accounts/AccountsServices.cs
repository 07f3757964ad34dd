using Microsoft.AspNetCore.Identity;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Accounts;

internal static class AccountsServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSailfishOptions<AccountOptions, AccountOptionsValidator>("Accounts");
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordHashing.Iterations);
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<PageSessionTable>();
        services.AddSingleton<AccountDirectory>();
        services.AddSingleton<AccountService>();
        services.AddSingleton<NameCheck>();
        services.AddSingleton<UsedIdTable>();
        services.AddSingleton<BearerCheck>();
        services.AddSingleton<PictureStudio>();
        return services;
    }
}
