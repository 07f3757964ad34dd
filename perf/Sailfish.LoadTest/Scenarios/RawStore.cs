using System.Diagnostics;
using System.Text.Json;
using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Runs a store without a server around it, as a process of its own on the server's cores.</summary>
internal static class RawStore
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(60);

    /// <summary>Messages a second.</summary>
    /// <param name="settings">Of the load.</param>
    /// <param name="directory">Where it works.</param>
    /// <param name="arguments">Which store, and how.</param>
    internal static double Run(LoadSettings settings, string directory, IEnumerable<string> arguments)
    {
        using var process = Process.Start(PinnedProcess.StartInfo(settings, directory, [ProgramPath.Peers, .. arguments]))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(ExitLimit) || process.ExitCode != 0)
            throw new LoadTestException($"The store failed: {error.GetAwaiter().GetResult()}");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("messagesPerSecond").GetDouble();
    }
}
