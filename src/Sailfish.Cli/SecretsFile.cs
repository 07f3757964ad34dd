using System.Text.Json;

namespace Sailfish.Cli;

/// <summary>Finds and reads the server's <c>secrets.json</c> (docs/protocol.md, section 6).</summary>
internal static class SecretsFile
{
    private const string Name = "secrets.json";
    private const string DefaultFolder = "data";
    private const string FolderVariable = "Sailfish__DataDir";

    public static AppSecrets Read(string? dataDir, long? appId)
    {
        var path = Find(dataDir ?? Environment.GetEnvironmentVariable(FolderVariable));
        var apps = Parse(path);
        return apps.FirstOrDefault(app => appId is null || app.AppId == appId)
            ?? throw new CliException($"{path} has no app {appId}");
    }

    private static string Find(string? folder)
    {
        if (folder is { Length: > 0 })
        {
            var named = Path.Combine(folder, Name);
            return File.Exists(named) ? named : throw new CliException($"{named} does not exist; the server makes it at its first start");
        }

        return Candidates().FirstOrDefault(File.Exists)
            ?? throw new CliException($"no {DefaultFolder}/{Name} here or in a folder above; name the server's data folder with --data-dir");
    }

    /// <summary>Here and upwards, up to the root of the repository where there is one.</summary>
    private static IEnumerable<string> Candidates()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, DefaultFolder, Name);
            if (Path.Exists(Path.Combine(folder.FullName, ".git")))
                yield break;
        }
    }

    private static IReadOnlyList<AppSecrets> Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CliJson.Default.SecretsContent)?.Apps ?? [];
        }
        catch (JsonException)
        {
            throw new CliException($"{path} is not readable JSON");
        }
    }
}
