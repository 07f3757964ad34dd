using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Identity;

/// <summary>The apps of one server: those of the settings, or of its file of secrets.</summary>
internal sealed class AppFile(IOptions<ServerOptions> options) : IAppStore
{
    public IReadOnlyList<AppConfig> Load(IReadOnlyList<AppConfig> configured)
    {
        if (configured.Count > 0)
            return configured;
        var folder = DataFolder.Make(options.Value);
        if (SecretsFile.TryRead(folder) is not { } content)
        {
            content = new SecretsContent { Apps = [SecretsFile.NewApp()] };
            SecretsFile.Write(folder, content);
        }

        return content.Apps;
    }
}
