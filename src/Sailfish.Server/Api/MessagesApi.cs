using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Sailfish.Protocol;
using Sailfish.Server.Accounts;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Text;

namespace Sailfish.Server.Api;

internal static class MessagesApi
{
    private const int MaxUsers = 1000;
    private const int MaxDataLength = 8_000;

    public static void MapMessages(this RouteGroupBuilder api) =>
        api.MapPost("/messages", SendAsync).WithName("SendMessage").WithTags("Messages").WithSummary("Sends a message to a user, users, a room, or all who are online")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<MessageResponse>, ProblemHttpResult>> SendAsync(
        MessageRequest request, HttpContext context, RoomTruth truth, MessageWriter writer, UsedIdTable used, AccountDirectory accounts, Broadcaster broadcaster, OnlineUsers online, CancellationToken cancellationToken)
    {
        if (Refusal(request, out var data) is { } refusal)
            return refusal;
        var appId = ApiKeyAuthentication.AppOf(context).AppId;
        var sender = request.From ?? ConversationKey.SystemUser;
        // A receiver is noted with the conversation; of who writes to a room or to all nothing else would tell.
        await used.NoteAsync(new UserKey(appId, sender));
        if (request.To!.All == true)
        {
            var announcement = new Announcement(appId, request.BizCode, data!.Raw);
            var told = broadcaster.Send(announcement);
            return TypedResults.Ok(new MessageResponse(announcement.MsgId, null, null, await online.CountAllAsync(appId, told, cancellationToken)));
        }

        if (request.To.Room is { } room && await truth.UnknownAsync(new RoomKey(appId, room), cancellationToken) is { } unknown)
            return unknown;
        // What the caller says of the sender counts; where it says nothing, an account has a name and a picture of its own.
        var account = await accounts.FindAsync(appId, sender, cancellationToken);
        if (Stamp(request, data!, appId, sender, account, writer) is not { } submissions)
            return Problems.BadParameter("data is larger than a frame.");
        foreach (var submission in submissions)
            await writer.AppendAsync(submission, cancellationToken);
        var done = await Task.WhenAll(submissions.Select(s => s.Done!.Task)).WaitAsync(cancellationToken);
        if (done[0].IsTooLate)
            return Problems.RoomClosed();
        // One of many that was not stored is no success either; with the same clientMsgId the others are not repeated.
        if (done.FirstOrDefault(s => s.Stored is null) is { } failed)
            return Problems.NotStored(failed.FailureText);
        var first = done[0].Stored!;
        var isOne = done.Length == 1;
        return TypedResults.Ok(new MessageResponse(
            first.MsgId, isOne ? first.Conversation.Name : null, isOne ? first.Seq : null, await online.CountAsync(done, cancellationToken)));
    }

    private static ProblemHttpResult? Refusal(MessageRequest request, out MessageData? data)
    {
        data = MessageData.Parse(TextOf(request.Data));
        if (data is null || data.HasNul || !Characters.IsOneTo(data.Raw, MaxDataLength))
            return Problems.BadParameter($"data is a string that holds a JSON object, or the object, of at most {MaxDataLength} characters without U+0000.");
        if (request.BizCode <= 0)
            return Problems.BadParameter("bizCode is a positive number; 5555 is chat.");
        if (request.From is { } from && !Ids.IsUser(from))
            return Problems.BadParameter("from is a user id, 10000 to 2^53−1.");
        if (request.ClientMsgId is { } key && !(Characters.IsOneTo(key, 64) && Characters.AreStorable(key)))
            return Problems.BadParameter("clientMsgId is 1 to 64 characters without U+0000.");
        if (!IsTarget(request.To, request.From))
            return Problems.BadParameter($"to is exactly one of user, users (1 to {MaxUsers}, each once), room and all:true; not the sender.");
        return NamesGuest(request) ? Problems.Guest() : null;
    }

    private static bool NamesGuest(MessageRequest request) =>
        Ids.IsGuest(request.From ?? 0) || Ids.IsGuest(request.To!.User ?? 0) || (request.To.Users is { } users && users.Any(Ids.IsGuest));

    private static string? TextOf(JsonElement data)
    {
        try
        {
            return data.ValueKind switch
            {
                JsonValueKind.String => data.GetString(),
                JsonValueKind.Object => data.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // An escape that is half a surrogate pair.
            return null;
        }
    }

    private static bool IsTarget(MessageTarget? to, long? from)
    {
        if (to is null)
            return false;
        var named = (to.User is null ? 0 : 1) + (to.Users is null ? 0 : 1) + (to.Room is null ? 0 : 1) + (to.All is null ? 0 : 1);
        return named == 1 && (to.All == true
            || (to.User is { } user && Ids.IsUser(user) && user != from)
            || (to.Room is { } room && Ids.IsRoom(room))
            || (to.Users is { Count: > 0 and <= MaxUsers } users && users.Distinct().Count() == users.Count && users.All(u => Ids.IsUser(u) && u != from)));
    }

    private static IEnumerable<ConversationKey> Targets(MessageTarget to, long appId, long sender) => to switch
    {
        { Room: { } room } => [ConversationKey.Room(appId, room)],
        { User: { } user } => [ConversationKey.Direct(appId, sender, user)],
        _ => to.Users!.Select(user => ConversationKey.Direct(appId, sender, user)),
    };

    /// <summary>One for each target; null when they are larger than a frame.</summary>
    private static List<Submission>? Stamp(MessageRequest request, MessageData data, long appId, long sender, Account? account, MessageWriter writer)
    {
        List<Submission> submissions = [];
        foreach (var conversation in Targets(request.To!, appId, sender))
        {
            var stamp = new MessageStamp(conversation, sender, null, data.SenderName ?? account?.NickName, data.SenderAvatar ?? account?.AvatarUrl);
            if (writer.Stamp(data, stamp, request.BizCode, request.ClientMsgId) is not { } submission)
                return null;
            submissions.Add(submission);
        }

        return submissions;
    }
}
