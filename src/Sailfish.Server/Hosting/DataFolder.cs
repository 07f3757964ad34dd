using System.Runtime.InteropServices;

namespace Sailfish.Server.Hosting;

/// <summary><c>Sailfish:DataDir</c> on disk.</summary>
internal static class DataFolder
{
    /// <summary>W_OK and X_OK of POSIX.</summary>
    private const int Write = 2;
    private const int Enter = 1;

    /// <summary>Refuses a folder that can neither be written to nor made, and makes none.</summary>
    public static void Check(ServerOptions options)
    {
        var folder = Path.GetFullPath(options.DataDir);
        var existing = folder;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        if (!Directory.Exists(existing) || !MayWrite(existing))
            throw new ConfigurationException(existing == folder
                ? $"{ConfigurationCheck.Root}:DataDir: '{folder}' is no folder that can be written to."
                : $"{ConfigurationCheck.Root}:DataDir: the folder '{folder}' cannot be made in '{existing}'.");
    }

    /// <summary>Of a folder that <see cref="Check"/> has nothing against.</summary>
    public static string Describe(ServerOptions options)
    {
        var folder = Path.GetFullPath(options.DataDir);
        return Directory.Exists(folder) ? $"The data folder {folder} can be written to." : $"There is no data folder {folder} yet: a start makes it.";
    }

    public static bool MayWriteFile(string file) => OperatingSystem.IsWindows() || Access(file, Write) == 0;

    /// <summary>Makes the folder when it is missing.</summary>
    public static string Make(ServerOptions options)
    {
        try
        {
            // Messages and secrets stand in it: a folder that we make is its owner's alone.
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(options.DataDir);
            else
                Directory.CreateDirectory(options.DataDir, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return options.DataDir;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException($"{ConfigurationCheck.Root}:DataDir: the folder '{options.DataDir}' cannot be made: {problem.Message}");
        }
    }

    private static bool MayWrite(string folder) => OperatingSystem.IsWindows() || Access(folder, Write | Enter) == 0;

    [DllImport("libc", EntryPoint = "access")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);
}
