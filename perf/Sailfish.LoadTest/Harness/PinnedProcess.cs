using System.Diagnostics;

namespace Sailfish.LoadTest.Harness;

/// <summary>A process on the server's cores.</summary>
internal static class PinnedProcess
{
    /// <summary>How to start one of the programs under load.</summary>
    internal static ProcessStartInfo StartInfo(LoadSettings settings, ServerProgram program, string directory) => program switch
    {
        ServerProgram.SignalR => StartInfo(settings, directory, ProgramPath.Peers, "signalr"),
        ServerProgram.Floor => StartInfo(settings, directory, ProgramPath.Peers, "floor"),
        _ => StartInfo(settings, directory, settings.ServerPath ?? ProgramPath.Server),
    };

    /// <summary>How to start any .NET program, with its outputs for us to read.</summary>
    internal static ProcessStartInfo StartInfo(LoadSettings settings, string directory, params ReadOnlySpan<string> command)
    {
        var info = new ProcessStartInfo
        {
            FileName = settings.Pin ? "taskset" : "dotnet",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        string[] pinning = settings.Pin ? ["-c", settings.ServerCores, "dotnet"] : [];
        foreach (var argument in pinning.Concat(command.ToArray()))
            info.ArgumentList.Add(argument);
        return info;
    }
}
