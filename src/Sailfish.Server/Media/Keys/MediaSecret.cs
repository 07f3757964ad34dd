using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Media.Keys;

/// <summary>
/// The secret that stream keys and stream tokens come from, read at the start. Each use has a key of its own, so that no token is
/// ever a key.
/// </summary>
internal sealed class MediaSecret(IStreamKeyStore store, IOptions<MediaOptions> options) : IHostedService
{
    private const int Bytes = 32;
    private byte[]? _secret;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Enabled)
            _secret = Convert.FromBase64String(await store.LoadSecretAsync(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)), cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The key for one use (HKDF, RFC 5869), after the start.</summary>
    public byte[] KeyFor(string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret ?? throw new InvalidOperationException("There is no video, or not yet."), Bytes, info: Encoding.UTF8.GetBytes(use));
}
