using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Postgres;

internal static class PostgresServices
{
    /// <summary>A database that several nodes share, and this one's place among them.</summary>
    public static IServiceCollection AddPostgres(this IServiceCollection services)
    {
        services.AddStartCheck(services => PostgresDatabase.Describe(services.GetRequiredService<IOptions<ClusterOptions>>().Value));
        services.AddSingleton<PostgresDatabase>();
        services.AddNode();
        services.AddChangeFeed();
        services.AddSingleton<PostgresMessageLog>();
        services.AddSingleton<IMessageLog>(s => s.GetRequiredService<PostgresMessageLog>());
        services.AddHostedService(s => s.GetRequiredService<PostgresMessageLog>());
        services.AddSingleton<DirectoryWriter>();
        services.AddHostedService(s => s.GetRequiredService<DirectoryWriter>());
        services.AddSingleton<ISessionDirectory, PostgresSessionDirectory>();
        services.AddSharedSessions();
        services.AddSingleton<IMessageHistory, PostgresMessageHistory>();
        services.AddSingleton<IPositionStore, PostgresPositionStore>();
        services.AddSingleton<IRoomRoutes, PostgresRoomRoutes>();
        services.AddSingleton<IRepairSource, PostgresRepairSource>();
        services.AddSingleton<ILeader, PostgresLeader>();
        services.AddHostedService<PostgresRetention>();
        return services.AddPostgresStores();
    }

    /// <summary>This node's place among those of the cluster.</summary>
    private static IServiceCollection AddNode(this IServiceCollection services)
    {
        services.AddSingleton<PostgresNode>();
        services.AddSingleton(s => s.GetRequiredService<PostgresNode>().Lease);
        services.AddSingleton<NodeState>();
        services.AddSingleton<NodeRenewal>();
        services.AddSingleton<NodeReaper>();
        services.AddSingleton<NodeListeners>();
        services.AddSingleton<ClockWatch>();
        // Begins before all that appends, and ends behind it.
        services.AddHostedService<NodeKeeper>();
        return services;
    }

    /// <summary>What other nodes change in what this one keeps in memory.</summary>
    private static IServiceCollection AddChangeFeed(this IServiceCollection services)
    {
        services.AddSingleton<PostgresChangeFeed>();
        services.AddSingleton<IChangeFeed>(s => s.GetRequiredService<PostgresChangeFeed>());
        services.AddSingleton<IChangeHurry>(s => s.GetRequiredService<PostgresChangeFeed>());
        services.AddSingleton<INodeListener>(s => s.GetRequiredService<PostgresChangeFeed>());
        services.AddHostedService(s => s.GetRequiredService<PostgresChangeFeed>());
        services.AddHostedService<ChangeSweep>();
        return services;
    }

    /// <summary>Every store but the message log.</summary>
    private static IServiceCollection AddPostgresStores(this IServiceCollection services)
    {
        services.AddSingleton<PostgresRiskRecords>();
        services.AddSingleton<IRiskRecords>(s => s.GetRequiredService<PostgresRiskRecords>());
        services.AddHostedService(s => s.GetRequiredService<PostgresRiskRecords>());
        services.AddSingleton<PostgresAppStore>();
        services.AddSingleton<IAppStore>(s => s.GetRequiredService<PostgresAppStore>());
        services.AddSingleton<INodeListener>(s => s.GetRequiredService<PostgresAppStore>());
        services.AddSingleton<IRevocationStore, PostgresRevocationStore>();
        services.AddSingleton<ISuspensionStore, PostgresSuspensionStore>();
        services.AddSingleton<IPageSessionStore, PostgresPageSessionStore>();
        services.AddSingleton<IStreamKeyStore, PostgresStreamKeyStore>();
        services.AddSingleton<ITagStore, PostgresTagStore>();
        services.AddSingleton<IAccountStore, PostgresAccountStore>();
        services.AddSingleton<IAvatarStore, PostgresAvatarStore>();
        services.AddSingleton<PostgresLockout>();
        services.AddSingleton<ILockout>(s => s.GetRequiredService<PostgresLockout>());
        services.AddSingleton<PostgresOpenings>();
        services.AddSingleton<IOpenings>(s => s.GetRequiredService<PostgresOpenings>());
        services.AddHostedService<CountSweep>();
        services.AddSingleton<IXmlRepository, PostgresKeyRepository>();
        services.AddSingleton<IUsedIdStore, PostgresUsedIdStore>();
        services.AddSingleton<ILivingHistory, PostgresLivingHistory>();
        services.AddSingleton<ILivingStore, PostgresLivingStore>();
        services.AddSingleton<ISharedLiving, PostgresSharedLiving>();
        services.AddSingleton<ICoverStore, PostgresCoverStore>();
        services.AddSingleton<ISharedStreams, PostgresSharedStreams>();
        services.AddSingleton<IRestrictionStore, PostgresRestrictionStore>();
        services.AddSingleton<PostgresRoomCounts>();
        services.AddSingleton<IRoomCounts>(s => s.GetRequiredService<PostgresRoomCounts>());
        services.AddHostedService(s => s.GetRequiredService<PostgresRoomCounts>());
        return services;
    }
}
