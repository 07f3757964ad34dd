using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>Messages on their way into the log, of which one can wait to hear what became of them.</summary>
internal static class TestMessage
{
    /// <summary>In the place of a message's data: it cannot be stored.</summary>
    public const string Unstorable = null!;

    public static Submission Of(
        ConversationKey conversation, long sender, string? id = null, string data = "{}", bool closes = false, int bizCode = BizCodes.Chat, long time = StoreConformance.Time) => new()
        {
            Conversation = conversation,
            SenderId = sender,
            ClientMsgId = id,
            BizCode = bizCode,
            Data = data,
            Time = time,
            Closes = closes,
            Done = new TaskCompletionSource<Submission>(TaskCreationOptions.RunContinuationsAsynchronously),
        };

    /// <summary>When the log has told of it.</summary>
    public static Task WhenToldAsync(this Submission message) => message.Done!.Task.WaitAsync(Wait.Limit);
}
