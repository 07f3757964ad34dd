using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Media.Keys;

/// <summary>Tokens for one use, in one room, to begin with within a minute; what has begun goes on.</summary>
/// <param name="secret">Where their key comes from.</param>
/// <param name="use">What the key is for: tokens of another use are none.</param>
/// <param name="audience">As the tokens say it.</param>
/// <param name="time">The clock.</param>
internal abstract class RoomTokens(MediaSecret secret, string use, string audience, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private byte[]? _key;

    private byte[] Key => _key ??= secret.KeyFor(use);

    public string Mint(RoomKey room, UserKey user, string? pageSession)
    {
        var now = time.GetUtcNow();
        return PurposeTokens.Mint(Key, audience, new PurposeToken(user, room.RoomId, now.ToUnixTimeMilliseconds(), pageSession), now + Life);
    }

    /// <summary>What a good token says; null for any other.</summary>
    public ValueTask<PurposeToken?> ReadAsync(string? token) => PurposeTokens.ReadAsync(Key, audience, token, time.GetUtcNow());
}

/// <summary>Tokens that open the stream of one room, as often as one likes (docs/protocol.md, section 9).</summary>
internal sealed class StreamTokens(MediaSecret secret, TimeProvider time) : RoomTokens(secret, "stream token", "live", time);

/// <summary>Tokens by which a node fetches the stream of one room from another; their user is the node.</summary>
internal sealed class RelayTokens(MediaSecret secret, TimeProvider time) : RoomTokens(secret, "relay token", "relay", time)
{
    /// <param name="room">Whose stream.</param>
    /// <param name="node">The generation of the node that asks.</param>
    public string Mint(RoomKey room, long node) => Mint(room, new UserKey(room.AppId, node), pageSession: null);
}
