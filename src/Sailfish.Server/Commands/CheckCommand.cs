using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.Server.Commands;

/// <summary>
/// <c>check</c>: what would stop a start, or else the settings that it would have, and what it would find. Makes nothing and
/// needs no lock.
/// </summary>
internal static class CheckCommand
{
    public static int Run(IServiceProvider services)
    {
        if (SettingsCheck.Problems(services) is { Count: > 0 } problems)
        {
            foreach (var problem in problems)
                Console.Error.WriteLine($"Sailfish cannot start. {problem}");
            return 1;
        }

        foreach (var line in EffectiveSettings.Lines(services))
            Console.WriteLine(line);
        var options = services.GetRequiredService<IOptions<ServerOptions>>().Value;
        Console.WriteLine(DataFolder.Describe(options));
        var cluster = services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        Console.WriteLine(cluster.IsOn ? PostgresDatabase.Describe(cluster) : DatabaseCheck.Describe(options));
        return 0;
    }
}
