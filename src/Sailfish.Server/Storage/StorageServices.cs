using Sailfish.Server.Hosting;
using Sailfish.Server.Storage.Postgres;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.Server.Storage;

internal static class StorageServices
{
    /// <param name="services">The server's.</param>
    /// <param name="isCluster">The database is one that several nodes share.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, bool isCluster)
    {
        services.AddSailfishOptions<StorageOptions, StorageOptionsValidator>("Storage");
        services.AddSingleton<StorageMetrics>();
        return isCluster ? services.AddPostgres() : services.AddSqlite();
    }
}
