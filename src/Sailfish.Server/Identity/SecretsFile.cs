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

    /// <summary>Null when there is no file.</summary>
    /// <exception cref="ConfigurationException">It says nothing that a server could start with.</exception>
    public static SecretsContent? TryRead(string dataDir)
    {
        var path = PathIn(dataDir);
        if (!File.Exists(path))
            return null;
        try
        {
            var content = JsonSerializer.Deserialize(File.ReadAllBytes(path), SecretsJson.Default.SecretsContent);
            if (content?.Apps is not { Count: > 0 } apps || apps.Contains(null!))
                throw new ConfigurationException($"{path} names no app. Remove it to have a new one made, or restore it.");
            AppRules.Check(apps, path);
            return content;
        }
        catch (JsonException problem)
        {
            throw new ConfigurationException($"{path} is not readable JSON ({problem.Message}). Remove it to have a new one made, or restore it.");
        }
    }

    public static void Write(string dataDir, SecretsContent content)
    {
        // Written aside and moved: a crash between leaves no half file that would stop the next start.
        var path = PathIn(dataDir);
        var aside = path + ".new";
        using (var file = DurableFile.CreatePrivate(aside))
            JsonSerializer.Serialize(file, content, SecretsJson.Default.SecretsContent);
        DurableFile.Publish(aside, path);
    }

    /// <summary>An app as the first start makes it.</summary>
    public static AppConfig NewApp()
    {
        var app = new AppConfig { AppId = 10001, Name = "default" };
        Renew(app);
        return app;
    }

    /// <summary>Gives an app other secrets.</summary>
    public static void Renew(AppConfig app) => (app.TokenSecret, app.ApiKey) = (NewSecret(), NewSecret());

    public static string PathIn(string dataDir) => Path.Combine(dataDir, Name);

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>What stands in <see cref="SecretsFile"/>.</summary>
internal sealed class SecretsContent
{
    /// <summary>Where the apps are kept that the file only repeats; null when this is where.</summary>
    public string? CopyOf { get; set; }

    public List<AppConfig> Apps { get; set; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(SecretsContent))]
internal sealed partial class SecretsJson : JsonSerializerContext;
