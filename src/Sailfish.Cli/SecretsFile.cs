using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sailfish.Cli;

/// <summary>Finds, reads and changes the server's <c>secrets.json</c> (docs/protocol.md, section 6).</summary>
internal static class SecretsFile
{
    private const string Name = "secrets.json";
    private const string DefaultFolder = "data";
    private const string FolderVariable = "Sailfish__DataDir";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="dataDir">The data folder; null to look for it.</param>
    public static string Find(string? dataDir) => FindIn(dataDir ?? Environment.GetEnvironmentVariable(FolderVariable));

    public static AppSecrets Read(string path, long? appId)
    {
        var apps = Parse(path);
        return apps.FirstOrDefault(app => appId is null || app.AppId == appId)
            ?? throw new CliException($"{path} has no app {appId}");
    }

    /// <summary>Fails where <see cref="Replace"/> would.</summary>
    public static void CheckWritable(string path)
    {
        using var file = OpenToWrite(path);
    }

    /// <summary>
    /// Writes an app's new secrets, and leaves all else as it is. Within the file that is there: another one in its place would
    /// be ours, and the server could not read it where we are another user.
    /// </summary>
    public static void Replace(string path, SecretsAnswer secrets)
    {
        var content = JsonNode.Parse(File.ReadAllBytes(path))!;
        var app = content["apps"]!.AsArray().First(app => app!["appId"]!.GetValue<long>() == secrets.AppId)!;
        app["tokenSecret"] = secrets.TokenSecret;
        app["apiKey"] = secrets.ApiKey;
        var bytes = Encoding.UTF8.GetBytes(content.ToJsonString(Indented));
        using var file = OpenToWrite(path);
        file.Write(bytes);
        file.SetLength(bytes.Length);
        file.Flush(flushToDisk: true);
    }

    private static FileStream OpenToWrite(string path) => new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

    private static string FindIn(string? folder)
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
