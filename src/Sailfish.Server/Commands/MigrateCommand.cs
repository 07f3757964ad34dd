using System.Data.Common;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.Server.Commands;

/// <summary>
/// <c>migrate --data DIR --database STRING</c>: all that a server which is stopped has in its data folder goes into the empty
/// database of a cluster, and is compared there before it counts. The folder is left as it is.
/// </summary>
internal static class MigrateCommand
{
    public static int Run(IServiceProvider settings, StopSignals signals)
    {
        signals.ExitCode = 1;
        try
        {
            Move(settings);
            return 0;
        }
        catch (Exception problem) when (Sentences(problem) is { } sentences)
        {
            Console.Error.WriteLine($"Sailfish cannot migrate. {string.Join(" ", sentences)}");
            return 1;
        }
    }

    private static void Move(IServiceProvider settings)
    {
        if (ConfigurationCheck.Problems(settings).ToList() is { Count: > 0 } problems)
            throw new ConfigurationException(string.Join(" ", problems));
        var (server, cluster) = (settings.GetRequiredService<IOptions<ServerOptions>>().Value, settings.GetRequiredService<IOptions<ClusterOptions>>().Value);
        if (!cluster.IsOn)
            throw new ConfigurationException("The database to move to is missing: --database \"Host=…;Database=…\", or the setting Sailfish:Cluster:Database.");
        var database = Path.GetFullPath(Path.Combine(server.DataDir, SqliteDatabase.FileName));
        if (!File.Exists(database))
            throw new ConfigurationException($"There is no database in {Path.GetFullPath(server.DataDir)}: name the data folder of the server by --data.");

        using var folder = new DataFolderLock(
            server, settings.GetRequiredService<ILogger<DataFolderLock>>(), "Stop it first: what it stores from now on would not be moved.");
        using var source = new MoveSource(database);
        using var target = new MoveTarget(cluster, MovedTables.All.Select(table => table.Name));
        var files = new DataFolderFiles(server.DataDir);
        new DataMove(source, files, settings.ConfiguredApps().Count > 0 ? [] : files.Apps, target).Run(Path.GetFullPath(server.DataDir));
    }

    /// <summary>Null when it is a fault of the program.</summary>
    private static IReadOnlyList<string>? Sentences(Exception problem) => problem switch
    {
        DbException or IOException or InvalidDataException or UnauthorizedAccessException => [problem.Message],
        _ => StartProblems.Of(problem),
    };
}
