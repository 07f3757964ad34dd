using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Sailfish.LoadTest.Diagnostics;
using Sailfish.LoadTest.Net;

namespace Sailfish.LoadTest.Harness;

/// <summary>Keeps this process on one core.</summary>
internal static class Cores
{
    /// <summary>The cores that it may have at the start.</summary>
    private static readonly ulong All = ProcFs.AllowedCores();

    /// <summary>
    /// Moves every thread there is; threads to come inherit it. Process.ProcessorAffinity moves the first thread only.
    /// </summary>
    internal static void Pin(int core) => Move(1UL << core, $"Core {core}");

    /// <summary>Gives it all cores that it had, and so the processes to come that it starts.</summary>
    internal static void Free() => Move(All, "All cores");

    private static void Move(ulong mask, string name)
    {
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task").Select(Path.GetFileName))
        {
            if (Libc.SetAffinity(int.Parse(thread!, CultureInfo.InvariantCulture), sizeof(ulong), in mask) < 0)
                throw new LoadTestException($"{name}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }
}
