using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Sessions;
using Sailfish.Server.Text;

namespace Sailfish.Server.Messaging;

/// <summary>
/// Under which name somebody speaks: the token's, else the account's; only where neither says anything the client's, if it is
/// a name that can be seen and not one of the server's.
/// </summary>
internal sealed class SpeakerNames(IAnchorNames anchors)
{
    /// <summary>The client's word, where it counts; null where it does not.</summary>
    public static string? Claimed(Session session, Account? account, string? senderName)
    {
        if (session.Identity.Name is not null || account is not null || senderName is null)
            return null;
        // The same as before, mostly: it has been looked at.
        var isKnown = session.SpokenAs?.Name == senderName;
        var name = senderName;
        if (!isKnown && !NameRules.TryNickName(senderName, out name))
            return null;
        return LookOf(session, name).IsReserved ? null : name;
    }

    /// <summary>The name in a conversation: in a living room nobody is taken for its anchor, whoever had the name first.</summary>
    public string? In(ConversationKey conversation, Session session, string? name)
    {
        if (name is null || !conversation.IsRoom || anchors.AnchorOf(RoomKey.Of(conversation)) is not var (anchor, look) || anchor == session.UserId)
            return name;
        return LookOf(session, name).IsLike(look) ? $"{name} ({session.UserId})" : name;
    }

    /// <summary>Computed when somebody speaks under another name than before.</summary>
    private static NameLook LookOf(Session session, string name) =>
        session.SpokenAs is { } known && known.Name == name ? known : session.SpokenAs = new NameLook(name);
}
