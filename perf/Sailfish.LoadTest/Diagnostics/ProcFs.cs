using System.Globalization;

namespace Sailfish.LoadTest.Diagnostics;

/// <summary>What the kernel counts, from /proc.</summary>
internal static class ProcFs
{
    /// <summary>Clock ticks a second in /proc: 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private const int PageSize = 4096;

    /// <summary>Seconds of CPU, user and system, of a process.</summary>
    internal static double CpuSeconds(string process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        // The name in parentheses may hold spaces: fields are counted after it. utime and stime are fields 14 and 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    /// <summary>The same, or nothing when it has ended meanwhile.</summary>
    internal static double TryCpuSeconds(int process)
    {
        try
        {
            return CpuSeconds(process.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Seconds that each core was busy, by core number.</summary>
    internal static double[] BusySeconds() =>
        [.. File.ReadLines("/proc/stat").Skip(1).TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)).Select(Busy)];

    /// <summary>Bytes of physical memory of a process.</summary>
    internal static long ResidentBytes(int process) => KibiBytes($"/proc/{process}/status", "VmRSS:");

    /// <summary>Bytes that the kernel holds for all sockets, and its other objects, of the machine; no process's memory.</summary>
    internal static long KernelBytes()
    {
        var fields = File.ReadLines("/proc/net/sockstat").First(l => l.StartsWith("TCP:", StringComparison.Ordinal)).Split(' ');
        var queued = Number(fields[Array.IndexOf(fields, "mem") + 1]) * PageSize;
        return queued + KibiBytes("/proc/meminfo", "Slab:");
    }

    /// <summary>Files, sockets among them, that a process may have open at most.</summary>
    internal static long OpenFilesLimit()
    {
        var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var hard = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[4];
        return hard == "unlimited" ? long.MaxValue : Number(hard);
    }

    /// <summary>The first 64 cores that this process may run on, a bit each.</summary>
    internal static ulong AllowedCores()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("Cpus_allowed:", StringComparison.Ordinal));
        var mask = line.Split('\t')[1].Replace(",", "", StringComparison.Ordinal);
        return ulong.Parse(mask.AsSpan(Math.Max(0, mask.Length - 16)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    internal static string CpuModel()
    {
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "unknown" : line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..];
    }

    private static double Busy(string line)
    {
        // cpuN user nice system idle iowait irq softirq steal …: busy is all but idle, iowait and steal.
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Number(fields[1]) + Number(fields[2]) + Number(fields[3]) + Number(fields[6]) + Number(fields[7])) / TicksPerSecond;
    }

    private static long KibiBytes(string file, string name)
    {
        var line = File.ReadLines(file).First(l => l.StartsWith(name, StringComparison.Ordinal));
        return Number(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }

    private static long Number(string text) => long.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
