using System.Globalization;
using Sailfish.Protocol;

namespace Sailfish.Server.Conversations;

internal enum ConversationKind
{
    /// <summary>Between two users: <c>d:{low}:{high}</c>.</summary>
    Direct = 0,

    /// <summary>A room's: <c>r:{roomId}</c>.</summary>
    Room = 1,
}

/// <summary>Names a conversation within its app. A room's key has the room in <paramref name="Low"/> and 0 in <paramref name="High"/>.</summary>
internal readonly record struct ConversationKey(long AppId, ConversationKind Kind, long Low, long High)
{
    public static ConversationKey Direct(long appId, long one, long other) =>
        new(appId, ConversationKind.Direct, Math.Min(one, other), Math.Max(one, other));

    public static ConversationKey Room(long appId, long roomId) => new(appId, ConversationKind.Room, roomId, 0);

    /// <summary>The name on the wire.</summary>
    public string Name => Kind == ConversationKind.Direct
        ? string.Create(CultureInfo.InvariantCulture, $"d:{Low}:{High}")
        : string.Create(CultureInfo.InvariantCulture, $"r:{Low}");

    public bool IsRoom => Kind == ConversationKind.Room;

    /// <summary>Whether <paramref name="userId"/> is one of the two of a one-to-one conversation.</summary>
    public bool HasParticipant(long userId) => Kind == ConversationKind.Direct && (Low == userId || High == userId);

    /// <summary>The other of the two.</summary>
    public long Peer(long userId) => Low == userId ? High : Low;

    public static bool TryParse(long appId, string name, out ConversationKey key)
    {
        key = default;
        var text = name.AsSpan();
        if (text.StartsWith("r:") && TryParseId(text[2..], out var roomId) && Ids.IsRoom(roomId))
            key = Room(appId, roomId);
        else if (text.StartsWith("d:") && text[2..].IndexOf(':') is > 0 and var middle
            && TryParseId(text[2..][..middle], out var low) && TryParseId(text[2..][(middle + 1)..], out var high)
            && (low == SystemUser || Ids.IsUser(low)) && Ids.IsUser(high) && low < high)
            key = Direct(appId, low, high);
        return key != default;
    }

    /// <summary>One conversation, one name: no zeros before an id.</summary>
    private static bool TryParseId(ReadOnlySpan<char> text, out long id) =>
        Ids.TryParse(text, out id) && (text.Length == 1 || text[0] != '0');

    /// <summary>Who speaks when a server sends without <c>from</c>.</summary>
    public const long SystemUser = 0;
}
