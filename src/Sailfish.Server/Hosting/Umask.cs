using System.Runtime.InteropServices;

namespace Sailfish.Server.Hosting;

/// <summary>
/// What this process makes is its owner's alone, whatever the shell or the service manager that started it has set: files
/// 0600 and folders 0700, SQLite's and the framework's too, from their first moment on.
/// </summary>
internal static class Umask
{
    private const uint OwnerOnly = 0b000_111_111;

    public static void OwnersOnly()
    {
        if (!OperatingSystem.IsWindows())
            _ = Set(OwnerOnly);
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Set(uint mask);
}
