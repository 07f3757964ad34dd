using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Identity;

/// <summary>The apps of one server: those of the settings, or of its file of secrets.</summary>
internal sealed class AppFile(IOptions<ServerOptions> options) : IAppStore
{
    private readonly Lock _writing = new();

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

    public Task<IReadOnlyList<AppConfig>> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AppConfig>>(SecretsFile.TryRead(options.Value.DataDir)?.Apps ?? []);

    public Task<AppConfig?> RotateAsync(long appId, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            var content = SecretsFile.TryRead(options.Value.DataDir);
            if (content?.Apps.Find(app => app.AppId == appId) is not { } app)
                return Task.FromResult<AppConfig?>(null);
            SecretsFile.Renew(app);
            SecretsFile.Write(options.Value.DataDir, content);
            return Task.FromResult<AppConfig?>(app);
        }
    }
}
