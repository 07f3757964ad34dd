using System.Security.Cryptography;
using System.Text;

namespace Sailfish.Server.Identity;

/// <summary>The apps that this server serves; fixed at start.</summary>
internal sealed class AppTable
{
    private readonly Dictionary<long, AppConfig> _byId;
    private readonly List<(byte[] KeyHash, AppConfig App)> _byKey;

    public AppTable(IReadOnlyList<AppConfig> apps)
    {
        _byId = apps.ToDictionary(a => a.AppId);
        _byKey = [.. apps.Select(a => (Hash(a.ApiKey), a))];
        First = apps[0];
    }

    /// <summary>The app of the page and of tools that name none.</summary>
    public AppConfig First { get; }

    public AppConfig? Find(long appId) => _byId.GetValueOrDefault(appId);

    /// <summary>The app of an API key; compares hashes in constant time, so that timing tells nothing of a key.</summary>
    public AppConfig? FindByKey(string apiKey)
    {
        var hash = Hash(apiKey);
        AppConfig? found = null;
        foreach (var (keyHash, app) in _byKey)
        {
            if (CryptographicOperations.FixedTimeEquals(keyHash, hash))
                found = app;
        }

        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
