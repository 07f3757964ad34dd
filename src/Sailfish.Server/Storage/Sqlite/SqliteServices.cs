using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Conversations;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Storage.Sqlite;

internal static class SqliteServices
{
    /// <summary>A database of its own, in the data folder of a server that is alone.</summary>
    public static IServiceCollection AddSqlite(this IServiceCollection services)
    {
        services.AddStartCheck(services => DatabaseCheck.Describe(services.GetRequiredService<IOptions<ServerOptions>>().Value));
        services.AddSingleton<IChangeFeed, NoChanges>();
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton(s => new NodeLease(s.GetRequiredService<SqliteDatabase>().Generation, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SqliteWriter>();
        services.AddHostedService(s => s.GetRequiredService<SqliteWriter>());
        services.AddSingleton<Retention>();
        services.AddHostedService(s => s.GetRequiredService<Retention>());
        services.AddSingleton<RecentMessages>();
        services.AddSingleton<MessageSpace>();
        services.AddSingleton<UnreadRows>();
        services.AddHostedService<StorageWatch>();
        services.AddSingleton<ConversationTable>();
        services.AddSingleton<MessageAppender>();
        services.AddSingleton<ICommitHook>(s => s.GetRequiredService<MessageAppender>());
        services.AddSingleton<SqliteMessageLog>();
        services.AddSingleton<IMessageLog>(s => s.GetRequiredService<SqliteMessageLog>());
        services.AddSingleton<IMessageHistory, SqliteMessageHistory>();
        services.AddSingleton<IPositionStore, SqlitePositionStore>();
        services.AddSingleton<IRiskRecords, SqliteRiskRecords>();
        services.AddSingleton<IAppStore, AppFile>();
        services.AddSingleton<IRevocationStore, SqliteRevocationStore>();
        services.AddSingleton<ISuspensionStore, SqliteSuspensionStore>();
        services.AddSingleton<IPageSessionStore, SqlitePageSessionStore>();
        services.AddSingleton<IStreamKeyStore, SqliteStreamKeyStore>();
        services.AddSingleton<ITagStore, SqliteTagStore>();
        services.AddSingleton<SqliteAccountStore>();
        services.AddSingleton<IAccountStore>(s => s.GetRequiredService<SqliteAccountStore>());
        services.AddSingleton<IAvatarStore, SqliteAvatarStore>();
        services.AddSingleton<ILockout, Lockout>();
        services.AddSingleton<IOpenings, LocalOpenings>();
        services.AddSingleton<IUsedIdStore, SqliteUsedIdStore>();
        services.AddSingleton<ILivingHistory, SqliteLivingHistory>();
        services.AddSingleton<ILivingStore, SqliteLivingStore>();
        services.AddSingleton<ICoverStore, SqliteCoverStore>();
        services.AddSingleton<IRestrictionStore, SqliteRestrictionStore>();
        return services;
    }
}
