using Sailfish.Server.Conversations;
using Sailfish.Server.Identity;

namespace Sailfish.Server.Media.Keys;

/// <summary>Tokens by which a node fetches the stream of one room from another: within a minute.</summary>
internal sealed class RelayTokens(MediaSecret secret, TimeProvider time)
{
    private const string Use = "relay token";
    private const string Audience = "relay";

    /// <summary>To begin with; what has begun goes on.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private byte[]? _key;

    private byte[] Key => _key ??= secret.KeyFor(Use);

    /// <param name="room">Whose stream.</param>
    /// <param name="node">The generation of the node that asks.</param>
    public string Mint(RoomKey room, long node)
    {
        var now = time.GetUtcNow();
        return PurposeTokens.Mint(Key, Audience, new PurposeToken(new UserKey(room.AppId, node), room.RoomId, now.ToUnixTimeMilliseconds(), null), now + Life);
    }

    /// <summary>The room of a good token; null for any other.</summary>
    public async ValueTask<RoomKey?> ReadAsync(string? token) =>
        await PurposeTokens.ReadAsync(Key, Audience, token, time.GetUtcNow()) is { } good ? new RoomKey(good.User.AppId, good.RoomId) : null;
}
