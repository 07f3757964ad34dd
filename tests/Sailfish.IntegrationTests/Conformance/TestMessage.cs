using Sailfish.IntegrationTests.Harness;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>A message on its way into the log, of which one can wait to hear what became of it.</summary>
internal sealed class TestMessage : AppendRequest
{
    /// <summary>In the place of a message's data: it cannot be stored.</summary>
    public const string Unstorable = null!;

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the log has told of it.</summary>
    public Task Done => _done.Task.WaitAsync(Wait.Limit);

    public static TestMessage Of(ConversationKey conversation, long sender, string? id = null, string data = "{}", bool closes = false) => new()
    {
        Conversation = conversation,
        SenderId = sender,
        ClientMsgId = id,
        BizCode = BizCodes.Chat,
        Data = data,
        Time = StoreConformance.Time,
        Closes = closes,
    };

    /// <summary>The log told of it. A message is told of once.</summary>
    public void Complete() => _done.SetResult();
}
