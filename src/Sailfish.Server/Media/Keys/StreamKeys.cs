using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sailfish.Protocol;
using Sailfish.Server.Conversations;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Media.Keys;

/// <summary>
/// Stream keys: <c>{userId}-{mac}</c>. A key is its anchor's, whatever the room: room ids are never given twice, and nobody types
/// a new key into an encoder for each start.
/// </summary>
internal sealed class StreamKeys
{
    private const string Use = "stream key";

    /// <summary>Characters of the mac, of base64url: 144 bits.</summary>
    private const int MacLength = 24;

    /// <summary>Digits of the longest id, a hyphen and a mac.</summary>
    private const int MaxLength = 16 + 1 + MacLength;

    private const int MaxRemembered = 10_000;
    private readonly MediaSecret _secret;
    private readonly IStreamKeyStore _store;
    private readonly ConcurrentDictionary<UserKey, long> _generations = new();

    public StreamKeys(MediaSecret secret, IStreamKeyStore store, IChangeFeed changes)
    {
        (_secret, _store) = (secret, store);
        changes.On(ChangeKind.StreamKey, change =>
        {
            if (change is { AppId: { } app, A: { } user })
                _generations.TryRemove(new UserKey(app, user), out _);
            return Task.CompletedTask;
        });
        changes.OnMissed(() =>
        {
            _generations.Clear();
            return Task.CompletedTask;
        });
    }

    public async ValueTask<string> KeyOfAsync(UserKey user, CancellationToken cancellationToken)
    {
        var mac = MacOf(user, await GenerationAsync(user, cancellationToken));
        return string.Create(CultureInfo.InvariantCulture, $"{user.UserId}-{mac}");
    }

    /// <summary>Whose key it is, and of which generation; null for a wrong one.</summary>
    public async ValueTask<(UserKey User, long Generation)?> ReadAsync(long appId, string? key, CancellationToken cancellationToken)
    {
        if (key is not { Length: > MacLength and <= MaxLength } || key[^(MacLength + 1)] != '-'
            || !Ids.TryParse(key.AsSpan(0, key.Length - MacLength - 1), out var userId) || !Ids.IsUser(userId))
            return null;
        var user = new UserKey(appId, userId);
        var generation = await GenerationAsync(user, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(MacOf(user, generation)), Encoding.UTF8.GetBytes(key[^MacLength..])) ? (user, generation) : null;
    }

    /// <summary>The user's key is another from now on.</summary>
    public async Task<string> ResetAsync(UserKey user, CancellationToken cancellationToken)
    {
        _generations[user] = await _store.ResetAsync(user, cancellationToken);
        return await KeyOfAsync(user, cancellationToken);
    }

    /// <summary>Which of the user's keys is good.</summary>
    public async ValueTask<long> GenerationAsync(UserKey user, CancellationToken cancellationToken)
    {
        if (_generations.TryGetValue(user, out var known))
            return known;
        var generation = await _store.GenerationAsync(user, cancellationToken);
        if (_generations.Count >= MaxRemembered)
            _generations.Clear();
        return _generations[user] = generation;
    }

    private string MacOf(UserKey user, long generation)
    {
        var said = string.Create(CultureInfo.InvariantCulture, $"{user.AppId}:{user.UserId}:{generation}");
        return Base64Url.EncodeToString(HMACSHA256.HashData(_secret.KeyFor(Use), Encoding.UTF8.GetBytes(said)))[..MacLength];
    }
}
