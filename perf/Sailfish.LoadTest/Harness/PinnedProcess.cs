using System.Diagnostics;

namespace Sailfish.LoadTest.Harness;

/// <summary>A process on the server's cores.</summary>
internal static class PinnedProcess
{
    private const string DotNet = "dotnet";

    /// <summary>How to start one of the programs under load.</summary>
    internal static ProcessStartInfo StartInfo(LoadSettings settings, ServerProgram program, string directory) => program switch
    {
        ServerProgram.SignalR => StartInfo(settings, directory, ProgramPath.Peers, "signalr"),
        ServerProgram.Floor => StartInfo(settings, directory, ProgramPath.Peers, "floor"),
        ServerProgram.Nats => Start(settings, directory, [ProgramPath.Nats, "-a", "127.0.0.1", "-p", "-1"]),
        ServerProgram.VideoFloor => StartInfo(settings, directory, ProgramPath.Peers, "video"),
        ServerProgram.NodeMediaServer => Start(settings, directory, [NodePeer.Node, NodePeer.Script]),
        ServerProgram.UWebSockets => Start(settings, directory, [BunPeer.Bun, BunPeer.Script]),
        _ => StartInfo(settings, directory, settings.ServerPath ?? ProgramPath.Server),
    };

    /// <summary>How to start any .NET program, with its outputs for us to read.</summary>
    internal static ProcessStartInfo StartInfo(LoadSettings settings, string directory, params ReadOnlySpan<string> command) =>
        Start(settings, directory, [DotNet, .. command]);

    private static ProcessStartInfo Start(LoadSettings settings, string directory, string[] command)
    {
        string[] line = settings.Pin ? ["taskset", "-c", settings.ServerCores, .. command] : command;
        return new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
    }
}
