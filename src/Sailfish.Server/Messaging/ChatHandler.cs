using System.Text;
using Microsoft.Extensions.Options;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Accounts;
using Sailfish.Server.Content;
using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Server.Text;

namespace Sailfish.Server.Messaging;

/// <summary>Chat, bizCode 5555: to a user or to a room.</summary>
internal sealed class ChatHandler(
    ChatCheck check,
    SpeakerNames names,
    MessageWriter writer,
    IMessageHistory history,
    RoomService rooms,
    AccountDirectory accounts,
    UserPaceTable paces,
    IOpenings openings,
    IOptions<ContentOptions> options,
    MessageMetrics metrics) : IBizHandler
{
    public int BizCode => BizCodes.Chat;

    public async ValueTask HandleAsync(Session session, MessageBody message, CancellationToken cancellationToken)
    {
        if (MessageData.Parse(message.Data) is not { } data)
        {
            Refuse(session, message, ErrorWords.BadData, "data is not a string that holds a JSON object.");
            return;
        }

        if (data.HasNul)
        {
            Refuse(session, message, ErrorWords.BadBody, "A string in data holds U+0000.");
            return;
        }

        if (!data.HasExtraOfAtMost(options.Value.MaxExtraBytes))
        {
            Refuse(session, message, ErrorWords.BadData, $"data holds at most {options.Value.MaxExtraBytes} bytes beside content.");
            return;
        }

        if (!TryFindTarget(session, message, data, out var conversation))
            return;
        if (data.Content is not { } content || !Characters.IsOneTo(content, options.Value.MaxLength))
        {
            Refuse(session, message, ErrorWords.BadContent, $"content is 1 to {options.Value.MaxLength} characters.");
            return;
        }

        // Who speaks is the token's word, or the account's; only where neither says anything is the client's taken.
        var account = session.Identity is { Name: not null, Avatar: not null }
            ? null
            : await accounts.FindAsync(session.AppId, session.UserId, cancellationToken);
        var claimed = SpeakerNames.Claimed(session, account, data.SenderName);
        if (await check.CheckAsync(session, conversation, data, content, claimed, cancellationToken) is not { } allowed)
        {
            Refuse(session, message, ErrorWords.ContentRefused, "The message has words that are not allowed here.");
            return;
        }

        var stamp = new MessageStamp(
            conversation,
            session.UserId,
            allowed.Content,
            names.In(conversation, session, session.Identity.Name ?? account?.NickName ?? allowed.ClaimedName),
            session.Identity.Avatar ?? account?.AvatarUrl ?? data.SenderAvatar,
            allowed.Masked);
        if (writer.Stamp(data, stamp, BizCode, message.ClientMsgId, session) is not { } submission)
        {
            Refuse(session, message, ErrorWords.BadData, "The message is larger than a frame.");
            return;
        }

        if (await OpeningWaitAsync(session, conversation, cancellationToken) is { } wait)
        {
            paces.GiveBackMessage(session, Encoding.UTF8.GetByteCount(message.Data!));
            Refuse(session, message, ErrorWords.RateLimited, "Too many new conversations.", wait);
            return;
        }

        await writer.AppendAsync(submission, cancellationToken);
    }

    private bool TryFindTarget(Session session, MessageBody message, MessageData data, out ConversationKey conversation)
    {
        conversation = default;
        switch (data.ObjectId, data.RoomId)
        {
            case ({ } user, null) when Ids.IsUser(user) && !Ids.IsGuest(user) && user != session.UserId:
                conversation = ConversationKey.Direct(session.AppId, session.UserId, user);
                return true;
            case (null, { } room) when Ids.IsRoom(room):
                var key = new RoomKey(session.AppId, room);
                conversation = key.Conversation;
                // Who was there at the end of a room asks its log, which knows what was said before the end.
                if (session.FindRoom(key) is null && !session.Memberships.SawEnd(conversation))
                {
                    Refuse(session, message, ErrorWords.NotJoined, "Join the room first.", roomId: room);
                    return false;
                }

                if (rooms.MutedFor(key, session.UserId) is not { } left)
                    return true;
                Refuse(session, message, ErrorWords.Muted, "You are muted in this room.", left, room);
                return false;
            default:
                Refuse(session, message, ErrorWords.BadTarget, "Name either objectId, another user, or roomId.");
                return false;
        }
    }

    /// <summary>How long until the user may begin this conversation; null when he may, or when it has begun.</summary>
    private async ValueTask<TimeSpan?> OpeningWaitAsync(Session session, ConversationKey conversation, CancellationToken cancellationToken)
    {
        if (!paces.LimitsNewConversations || await history.HasBegunAsync(conversation, cancellationToken))
            return null;
        return await openings.OpenAsync(session, conversation, cancellationToken);
    }

    private void Refuse(Session session, MessageBody message, string error, string text, TimeSpan? retryAfter = null, long? roomId = null)
    {
        metrics.Refused(error);
        session.Connection.SendError(error, text, message.ClientMsgId, retryAfter, roomId);
    }
}
