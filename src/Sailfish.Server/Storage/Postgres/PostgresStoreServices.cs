using Microsoft.AspNetCore.DataProtection.Repositories;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Rooms;

namespace Sailfish.Server.Storage.Postgres;

internal static class PostgresStoreServices
{
    /// <summary>Every store but the message log.</summary>
    public static IServiceCollection AddPostgresStores(this IServiceCollection services)
    {
        services.AddSingleton<PostgresRiskRecords>();
        services.AddSingleton<IRiskRecords>(s => s.GetRequiredService<PostgresRiskRecords>());
        services.AddHostedService(s => s.GetRequiredService<PostgresRiskRecords>());
        services.AddSingleton<IAppStore, PostgresAppStore>();
        services.AddSingleton<IRevocationStore, PostgresRevocationStore>();
        services.AddSingleton<ISuspensionStore, PostgresSuspensionStore>();
        services.AddSingleton<IPageSessionStore, PostgresPageSessionStore>();
        services.AddSingleton<ITagStore, PostgresTagStore>();
        services.AddSingleton<IAccountStore, PostgresAccountStore>();
        services.AddSingleton<IAvatarStore, PostgresAvatarStore>();
        services.AddSingleton<PostgresLockout>();
        services.AddSingleton<ILockout>(s => s.GetRequiredService<PostgresLockout>());
        services.AddHostedService<LockoutSweep>();
        services.AddSingleton<IXmlRepository, PostgresKeyRepository>();
        services.AddSingleton<IUsedIdStore, PostgresUsedIdStore>();
        services.AddSingleton<ILivingHistory, PostgresLivingHistory>();
        services.AddSingleton<ILivingStore, PostgresLivingStore>();
        services.AddSingleton<IRestrictionStore, PostgresRestrictionStore>();
        return services;
    }
}
