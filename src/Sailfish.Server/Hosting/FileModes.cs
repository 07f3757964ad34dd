namespace Sailfish.Server.Hosting;

/// <summary>
/// Mends the modes of what stands in the data folder since before, made by hand, by a restore, or by a server without
/// <see cref="Umask"/>. Only what is the server's: the folder may hold other things, such as the settings.
/// </summary>
internal static class FileModes
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private static readonly string[] Ours = ["sailfish.*", "secrets.json*", "keys", "avatars", "backup*"];

    private static readonly EnumerationOptions Flat = new() { AttributesToSkip = FileAttributes.None };

    /// <summary>The paths whose mode could not be mended.</summary>
    public static List<string> Mend(string dataDir)
    {
        var failed = new List<string>();
        if (!OperatingSystem.IsWindows())
        {
            foreach (var pattern in Ours)
                MendAll(new DirectoryInfo(dataDir), pattern, failed);
        }

        return failed;
    }

    /// <summary>Whoever may write to a folder may put other files into the place of those in it.</summary>
    public static bool OthersMayWrite(string folder) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & OthersWrite) != 0;

    private static void MendAll(DirectoryInfo folder, string pattern, List<string> failed)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos(pattern, Flat))
        {
            // What a link leads to is somebody else's, or stands here itself.
            if (entry.LinkTarget is not null)
                continue;
            TryMend(entry, failed);
            if (entry is DirectoryInfo inner)
                MendAll(inner, "*", failed);
        }
    }

    private static void TryMend(FileSystemInfo entry, List<string> failed)
    {
        var mode = entry is DirectoryInfo ? OwnersFolder : OwnersFile;
        try
        {
#pragma warning disable CA1416 // not called on Windows
            if (entry.UnixFileMode != mode)
                entry.UnixFileMode = mode;
#pragma warning restore CA1416
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            // Another user's, or gone meanwhile (SQLite's files beside the database come and go).
            if (entry.Exists)
                failed.Add(entry.FullName);
        }
    }
}
