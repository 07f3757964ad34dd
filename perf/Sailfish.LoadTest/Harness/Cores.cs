using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Sailfish.LoadTest.Net;

namespace Sailfish.LoadTest.Harness;

/// <summary>Keeps this process on one core.</summary>
internal static class Cores
{
    /// <summary>
    /// Moves every thread there is; threads to come inherit it. Process.ProcessorAffinity moves the first thread only.
    /// </summary>
    internal static void Pin(int core)
    {
        var mask = 1UL << core;
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task").Select(Path.GetFileName))
        {
            if (Libc.SetAffinity(int.Parse(thread!, CultureInfo.InvariantCulture), sizeof(ulong), in mask) < 0)
                throw new LoadTestException($"Core {core}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }
}
