using System.Runtime.InteropServices;

namespace Sailfish.Server.Commands;

/// <summary>Many small files at once, which one by one would each wait for the disk.</summary>
internal static class Disk
{
    /// <summary>Ends when all that was written before is on the disk, or on its way there where the system knows no more.</summary>
    public static void Sync()
    {
        if (!OperatingSystem.IsWindows())
            SyncAll();
    }

    [DllImport("libc", EntryPoint = "sync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void SyncAll();
}
