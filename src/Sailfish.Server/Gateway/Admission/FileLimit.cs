using System.Runtime.InteropServices;

namespace Sailfish.Server.Gateway.Admission;

/// <summary>How many files, sockets among them, this process may have open.</summary>
internal static class FileLimit
{
    private const int OnLinux = 7;
    private const int OnOthers = 8;

    /// <summary>Raises it as far as the process may by itself; null where there is none.</summary>
    public static long? Raise()
    {
        if (OperatingSystem.IsWindows())
            return null;
        var resource = OperatingSystem.IsLinux() ? OnLinux : OnOthers;
        if (GetLimit(resource, out var limit) != 0)
            return null;
        // The runtime may have done it already; that it does is its own affair.
        if (limit.Soft < limit.Hard)
            _ = SetLimit(resource, limit with { Soft = limit.Hard });
        return GetLimit(resource, out limit) == 0 && limit.Soft <= int.MaxValue ? (long)limit.Soft : null;
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, in Limit limit);

    /// <summary>RLIMIT_NOFILE of getrlimit(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit(nuint Soft, nuint Hard);
}
