using System.ComponentModel;
using System.Diagnostics;

namespace Sailfish.LoadTest.Harness;

/// <summary>The peer that runs on Bun, which npm fetches when it is first asked for: a folder with packages of its own.</summary>
internal static class BunPeer
{
    /// <summary>It is a hundred megabytes.</summary>
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(30);

    internal static string Bun => Path.Combine(Folder, "node_modules", ".bin", "bun");

    internal static string Script => Path.Combine(Folder, "room.js");

    private static string Folder => Path.Combine(ProgramPath.Root, "perf", "bun-peer");

    /// <summary>Fetches what is missing; false where it cannot be had.</summary>
    internal static bool TryInstall() =>
        (IsInstalled() || Run(InstallLimit, "npm", "ci", "--no-audit", "--no-fund")) && Run(VersionLimit, Bun, "--version");

    /// <summary>By this lock file: npm writes its own list of what it has put there.</summary>
    private static bool IsInstalled()
    {
        var list = Path.Combine(Folder, "node_modules", ".package-lock.json");
        return File.Exists(list) && File.GetLastWriteTimeUtc(list) >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"));
    }

    private static bool Run(TimeSpan limit, params ReadOnlySpan<string> command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..].ToArray())
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            return Ends(process, limit);
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }

    private static bool Ends(Process process, TimeSpan limit)
    {
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(limit))
            return process.ExitCode == 0;
        process.Kill(entireProcessTree: true);
        return false;
    }
}
