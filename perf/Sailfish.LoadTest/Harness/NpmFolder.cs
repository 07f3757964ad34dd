using System.ComponentModel;
using System.Diagnostics;

namespace Sailfish.LoadTest.Harness;

/// <summary>A folder beside this tool with packages of its own, which npm fetches when they are first asked for.</summary>
internal sealed class NpmFolder(string name)
{
    /// <summary>It may be a hundred megabytes.</summary>
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(30);

    private string Folder => System.IO.Path.Combine(ProgramPath.Root, "perf", name);

    /// <summary>A file or program in it.</summary>
    internal string Path(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Folder, .. parts]);

    /// <summary>Fetches what is missing; false where it cannot be had, or the program that it is for says no version.</summary>
    internal bool TryInstall(string program) =>
        (IsInstalled() || Run(InstallLimit, "npm", "ci", "--no-audit", "--no-fund")) && Run(VersionLimit, program, "--version");

    /// <summary>By this lock file: npm writes its own list of what it has put there.</summary>
    private bool IsInstalled()
    {
        var list = Path("node_modules", ".package-lock.json");
        return File.Exists(list) && File.GetLastWriteTimeUtc(list) >= File.GetLastWriteTimeUtc(Path("package-lock.json"));
    }

    private bool Run(TimeSpan limit, params ReadOnlySpan<string> command)
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
