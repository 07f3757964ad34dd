using System.Security.Cryptography;
using System.Text;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Identity;

/// <summary>The apps that this server serves: fixed at start where settings name them, else as they are kept.</summary>
internal sealed class AppTable
{
    private readonly IAppStore? _store;
    private volatile Apps _apps;

    /// <param name="apps">The apps, the first one first.</param>
    /// <param name="store">Where they are kept; null where settings name them.</param>
    /// <param name="changes">Tells when they are others.</param>
    public AppTable(IReadOnlyList<AppConfig> apps, IAppStore? store = null, IChangeFeed? changes = null)
    {
        _store = store;
        _apps = new Apps(apps);
        if (store is null)
            return;
        changes?.On(ChangeKind.App, _ => ReadAsync());
        changes?.OnMissed(ReadAsync);
    }

    /// <summary>The app of the page and of tools that name none.</summary>
    public AppConfig First => _apps.First;

    public AppConfig? Find(long appId) => _apps.ById.GetValueOrDefault(appId);

    /// <summary>The app of an API key; compares hashes in constant time, so that timing tells nothing of a key.</summary>
    public AppConfig? FindByKey(string apiKey)
    {
        var hash = Hash(apiKey);
        AppConfig? found = null;
        foreach (var (keyHash, app) in _apps.ByKey)
        {
            if (CryptographicOperations.FixedTimeEquals(keyHash, hash))
                found = app;
        }

        return found;
    }

    /// <summary>Gives an app new secrets: what was made with the old ones is worth nothing from now on. Null where settings name the apps, or this is none of them.</summary>
    public async Task<AppConfig?> RotateAsync(long appId, CancellationToken cancellationToken)
    {
        if (_store is null || await _store.RotateAsync(appId, cancellationToken) is null)
            return null;
        await ReadAsync();
        return Find(appId);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private async Task ReadAsync()
    {
        // Never none: who is served goes on being served.
        if (await _store!.ReadAsync(CancellationToken.None) is { Count: > 0 } apps)
            _apps = new Apps(apps);
    }

    private sealed class Apps(IReadOnlyList<AppConfig> apps)
    {
        public AppConfig First { get; } = apps[0];

        public Dictionary<long, AppConfig> ById { get; } = apps.ToDictionary(app => app.AppId);

        public List<(byte[] KeyHash, AppConfig App)> ByKey { get; } = [.. apps.Select(app => (Hash(app.ApiKey), app))];
    }
}
