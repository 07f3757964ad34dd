using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Media.Keys;

/// <summary>Tokens that open the stream of one room: within a minute, as often as one likes (docs/protocol.md, section 9).</summary>
internal sealed class StreamTokens(MediaSecret secret, TimeProvider time)
{
    private const string Use = "stream token";
    private const string Audience = "live";

    /// <summary>To begin with; what has begun goes on.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private byte[]? _key;

    private byte[] Key => _key ??= secret.KeyFor(Use);

    public string Mint(RoomKey room, UserKey user, string? pageSession)
    {
        var now = time.GetUtcNow();
        return PurposeTokens.Mint(Key, Audience, new PurposeToken(user, room.RoomId, now.ToUnixTimeMilliseconds(), pageSession), now + Life);
    }

    /// <summary>What a good token says; null for any other.</summary>
    public ValueTask<PurposeToken?> ReadAsync(string? token) => PurposeTokens.ReadAsync(Key, Audience, token, time.GetUtcNow());
}
