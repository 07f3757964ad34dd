using Sailfish.TestKit;

namespace Sailfish.LoadTest.Harness;

/// <summary>Finds Release builds of this source tree.</summary>
internal static class ProgramPath
{
    /// <summary>The tree that this tool was built in.</summary>
    internal static string Root =>
        SourceTree.Find() ?? throw new LoadTestException($"There are no sources above {AppContext.BaseDirectory}: run the tool from its source tree.");

    internal static string Server => Find("src", "Sailfish.Server");

    internal static string Peers => Find("perf", "Sailfish.Peers");

    internal static string Nats => NatsServer.Program ?? throw new LoadTestException("nats-server is not installed.");

    private static string Find(string folder, string project)
    {
        var path = Path.Combine(Root, folder, project, "bin", "Release", "net10.0", project + ".dll");
        return File.Exists(path)
            ? path
            : throw new LoadTestException($"{path} is missing: dotnet build -c Release {folder}/{project}");
    }
}
