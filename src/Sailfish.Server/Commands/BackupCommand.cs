using System.Data.Common;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Nodes;
using Sailfish.Server.Page;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.Server.Commands;

/// <summary>
/// <c>backup folder</c>: all that a server needs to go on elsewhere, copied beside one that runs. The database gets its
/// name last: a folder that has one is whole.
/// </summary>
internal static class BackupCommand
{
    /// <summary>Names that are being written; they get their own when they are whole.</summary>
    private const string Unfinished = ".new";

    public static async Task<int> RunAsync(IServiceProvider settings, string folder, StopSignals signals)
    {
        signals.ExitCode = 1;
        var options = settings.GetRequiredService<IOptions<ServerOptions>>().Value;
        var database = Path.Combine(options.DataDir, SqliteDatabase.FileName);
        try
        {
            if (settings.GetRequiredService<IOptions<ClusterOptions>>().Value.IsOn)
                throw new ConfigurationException("The data of several nodes is in PostgreSQL: use its own tools, such as pg_dump (docs/operations.md, section 11).");
            if (!File.Exists(database))
                throw new ConfigurationException($"There is no database in {Path.GetFullPath(options.DataDir)}: name its folder by --Sailfish:DataDir=….");
            Make(folder);
            await CopyAllAsync(options.DataDir, database, folder);
        }
        catch (Exception problem) when (problem is ConfigurationException or IOException or UnauthorizedAccessException or DbException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"Sailfish cannot back up. {problem.Message}");
            return 1;
        }

        Console.WriteLine($"Backed up {Path.GetFullPath(options.DataDir)} to {Path.GetFullPath(folder)}.");
        return 0;
    }

    private static void Make(string folder)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any())
            throw new ConfigurationException($"The folder {Path.GetFullPath(folder)} is not empty.");
    }

    private static async Task CopyAllAsync(string dataDir, string database, string folder)
    {
        try
        {
            CopyFile(Path.Combine(dataDir, SecretsFile.Name), Path.Combine(folder, SecretsFile.Name));
            CopyFolder(dataDir, folder, PageServices.KeysFolder);
            CopyFolder(dataDir, folder, SqliteAvatarStore.Folder);
            var aside = Path.Combine(folder, SqliteDatabase.FileName + ".part");
            await DatabaseBackup.WriteAsync(database, aside);
            // Again: an account of the copy may have a picture that is younger than the first look.
            CopyFolder(dataDir, folder, SqliteAvatarStore.Folder);
            Disk.Sync();
            DurableFile.Publish(aside, Path.Combine(folder, SqliteDatabase.FileName));
        }
        catch
        {
            // Half a backup must not be taken for one; the folder was empty.
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
                Remove(entry);
            throw;
        }
    }

    private static void CopyFolder(string from, string to, string name)
    {
        var source = new DirectoryInfo(Path.Combine(from, name));
        if (!source.Exists)
            return;
        var target = Directory.CreateDirectory(Path.Combine(to, name)).FullName;
        foreach (var file in source.EnumerateFiles().Where(file => !file.Name.EndsWith(Unfinished, StringComparison.Ordinal)))
            CopyFile(file.FullName, Path.Combine(target, file.Name));
    }

    /// <summary>A file that is gone, or there already, is left: each content has a name of its own.</summary>
    private static void CopyFile(string from, string to)
    {
        if (File.Exists(to))
            return;
        try
        {
            using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = DurableFile.CreatePrivate(to);
            source.CopyTo(target);
        }
        catch (FileNotFoundException)
        {
            // A picture that was replaced meanwhile, or secrets that stand in the configuration.
        }
    }

    private static void Remove(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo inner)
            inner.Delete(recursive: true);
        else
            entry.Delete();
    }
}
