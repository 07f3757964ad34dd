namespace Sailfish.LoadTest.Harness;

/// <summary>Finds the server's Release build next to this tool's source.</summary>
internal static class ServerPath
{
    private const string Solution = "Sailfish.slnx";

    internal static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, Solution)))
            directory = directory.Parent;
        var root = directory?.FullName
            ?? throw new LoadTestException($"No {Solution} above {AppContext.BaseDirectory}: say --server PATH.");
        var path = Path.Combine(root, "src", "Sailfish.Server", "bin", "Release", "net10.0", "Sailfish.Server.dll");
        return File.Exists(path)
            ? path
            : throw new LoadTestException($"{path} is missing: dotnet build -c Release src/Sailfish.Server");
    }
}
