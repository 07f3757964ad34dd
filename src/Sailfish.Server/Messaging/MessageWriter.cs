using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Messaging;

/// <summary>
/// The one door to the log. Whatever is said, by clients, through the server API or by the server, is made a message here:
/// stamped, no larger than a frame, with a place in the room that it goes to, and appended.
/// </summary>
internal sealed class MessageWriter(IMessageLog log, RoomTable rooms, TimeProvider time)
{
    /// <summary>
    /// Data that cannot outgrow a frame: what was stamped has no controls, so that a character of it becomes at most 3 bytes.
    /// </summary>
    private const int SurelyFits = 19_000;

    /// <summary>A SYNC reply is the tightest place that a message must fit into.</summary>
    private const int MaxBody = SyncReplyEncoder.MaxMessageBytes;

    /// <summary>Makes a message of what somebody says, to be appended; null when it is larger than a frame.</summary>
    /// <param name="data">What is said, as it was given.</param>
    /// <param name="stamp">Who says it, where, and what else the server writes there.</param>
    /// <param name="bizCode">What kind of message it is.</param>
    /// <param name="clientMsgId">The sender's idempotency key, or none.</param>
    /// <param name="sender">
    /// The session that is told by a RECEIPT or an ERROR what became of it. Whoever has none waits for <see cref="Submission.Done"/>.
    /// </param>
    public Submission? Stamp(MessageData data, in MessageStamp stamp, int bizCode, string? clientMsgId, Session? sender = null)
    {
        var now = Now();
        var submission = new Submission
        {
            Conversation = stamp.Conversation,
            SenderId = stamp.SenderId,
            ClientMsgId = clientMsgId,
            BizCode = bizCode,
            Data = data.Stamp(stamp, now),
            Time = now,
            Sender = sender,
            Done = sender is null ? NewDone() : null,
        };
        return Fits(submission) ? submission : null;
    }

    /// <summary>Hands a message to the log; one to a room, when the room has a place for it.</summary>
    public async ValueTask AppendAsync(Submission submission, CancellationToken cancellationToken)
    {
        if (submission.Conversation.IsRoom && rooms.Find(RoomKey.Of(submission.Conversation)) is { } room)
            submission.Hold(await RoomPlace.TakeAsync(room, cancellationToken));
        try
        {
            await log.AppendAsync(submission, cancellationToken);
        }
        catch
        {
            submission.TakePlace().GiveBack();
            throw;
        }
    }

    /// <summary>
    /// Ends a room in the server's own words; gives the end when it is known what became of it. It takes no place: those who
    /// hold them are done with sooner or later, and an end is one.
    /// </summary>
    /// <param name="room">Which room.</param>
    /// <param name="bizCode">What kind of message the end is.</param>
    /// <param name="data">What it says.</param>
    /// <param name="append">Appends it to the log, with what else ends in the same transaction.</param>
    public async Task<Submission> EndAsync(RoomKey room, int bizCode, string data, Func<Submission, ValueTask> append)
    {
        var end = new Submission
        {
            Conversation = room.Conversation,
            SenderId = ConversationKey.SystemUser,
            BizCode = bizCode,
            Data = data,
            Time = Now(),
            Closes = true,
            Done = NewDone(),
        };
        await append(end);
        return await end.Done.Task;
    }

    private static bool Fits(Submission submission) =>
        submission.Data.Length <= SurelyFits || MessageEncoder.BodyLength(new MessageBody
        {
            AppId = Ids.Max,
            BizCode = submission.BizCode,
            Data = submission.Data,
            MsgId = MessageId.Format(Ids.Max, Ids.Max),
            Conversation = submission.Conversation.Name,
            Seq = Ids.Max,
            Time = Ids.Max,
        }) <= MaxBody;

    private static TaskCompletionSource<Submission> NewDone() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
