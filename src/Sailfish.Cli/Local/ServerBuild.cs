using System.Diagnostics;
using Sailfish.Cli.Commands;

namespace Sailfish.Cli.Local;

/// <summary>Builds the server of the clone that the tool was built in: also where it is built already, for its sources may be newer.</summary>
internal static class ServerBuild
{
    private const string Name = "Sailfish.Server";

    /// <summary>The SDK says which it is to those that it runs.</summary>
    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Where the server stands beside the tool, or the tool in no clone, there is nothing to build.</summary>
    public static async Task RunAsync(CancellationToken cancellation)
    {
        // src/Sailfish.Cli/bin/Release/net10.0.
        var built = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        if (File.Exists(Path.Combine(built.FullName, $"{Name}.dll")) || built.Parent is not { Parent: { Name: "bin", Parent.Parent.FullName: var sources } } configuration)
            return;
        var project = Path.Combine(sources, Name, $"{Name}.csproj");
        if (!File.Exists(project))
            return;
        Printer.Note("building the server");
        await Tool.RunAsync(new ProcessStartInfo(DotNet, ["build", project, "-c", configuration.Name, "--nologo", "-v", "q"]), cancellation);
    }
}
