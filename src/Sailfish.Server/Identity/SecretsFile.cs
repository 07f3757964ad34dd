using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Identity;

/// <summary>
/// <c>DataDir/secrets.json</c> (docs/protocol.md, section 6): made at first start with secrets of its own,
/// readable by the owner only. No secret stands in the code.
/// </summary>
internal static class SecretsFile
{
    public const string Name = "secrets.json";

    public static List<AppConfig> ReadOrCreate(string dataDir)
    {
        var path = Path.Combine(dataDir, Name);
        if (!File.Exists(path))
            Create(path);
        try
        {
            var content = JsonSerializer.Deserialize(File.ReadAllBytes(path), SecretsJson.Default.SecretsContent);
            return content?.Apps is { Count: > 0 } apps && !apps.Contains(null!)
                ? apps
                : throw new ConfigurationException($"{path} names no app. Remove it to have a new one made, or restore it.");
        }
        catch (JsonException problem)
        {
            throw new ConfigurationException($"{path} is not readable JSON ({problem.Message}). Remove it to have a new one made, or restore it.");
        }
    }

    private static void Create(string path)
    {
        var content = new SecretsContent
        {
            Apps = [new AppConfig { AppId = 10001, Name = "default", TokenSecret = NewSecret(), ApiKey = NewSecret() }],
        };
        // Written aside and moved: a crash between leaves no half file that would stop the next start.
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(file, content, SecretsJson.Default.SecretsContent);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

internal sealed class SecretsContent
{
    public List<AppConfig> Apps { get; set; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SecretsContent))]
internal sealed partial class SecretsJson : JsonSerializerContext;
