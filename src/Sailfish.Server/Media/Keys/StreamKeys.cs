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

    /// <summary>One at a time learns or forgets; goes up with what is forgotten: what was read before may be older.</summary>
    private readonly Lock _changing = new();
    private long _changes;
    private byte[]? _key;

    public StreamKeys(MediaSecret secret, IStreamKeyStore store, IChangeFeed changes)
    {
        (_secret, _store) = (secret, store);
        changes.On(ChangeKind.StreamKey, change =>
        {
            if (change is { AppId: { } app, A: { } user })
                Forget(new UserKey(app, user));
            return Task.CompletedTask;
        });
        changes.OnMissed(() =>
        {
            Forget(null);
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
        await _store.ResetAsync(user, cancellationToken);
        Forget(user);
        return await KeyOfAsync(user, cancellationToken);
    }

    /// <summary>Which of the user's keys is good.</summary>
    public async ValueTask<long> GenerationAsync(UserKey user, CancellationToken cancellationToken)
    {
        if (_generations.TryGetValue(user, out var known))
            return known;
        var changes = Interlocked.Read(ref _changes);
        var generation = await _store.GenerationAsync(user, cancellationToken);
        TryRemember(user, generation, changes);
        return generation;
    }

    /// <summary>Not when any was reset while it was read: it may be this one.</summary>
    private void TryRemember(UserKey user, long generation, long changes)
    {
        lock (_changing)
        {
            if (_changes != changes)
                return;
            if (_generations.Count >= MaxRemembered)
                _generations.Clear();
            _generations[user] = generation;
        }
    }

    /// <summary>One user's, or all.</summary>
    private void Forget(UserKey? user)
    {
        lock (_changing)
        {
            _changes++;
            if (user is { } one)
                _generations.TryRemove(one, out _);
            else
                _generations.Clear();
        }
    }

    private string MacOf(UserKey user, long generation)
    {
        var said = string.Create(CultureInfo.InvariantCulture, $"{user.AppId}:{user.UserId}:{generation}");
        return Base64Url.EncodeToString(HMACSHA256.HashData(_key ??= _secret.KeyFor(Use), Encoding.UTF8.GetBytes(said)))[..MacLength];
    }
}
