using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Conversations;

namespace Sailfish.Tests.Server.Conversations;

public sealed class StoredMessageTests
{
    [Fact]
    public async Task Encodings_that_several_threads_ask_for_at_once_are_whole()
    {
        const int Threads = 4;
        var messages = Enumerable.Range(1, 50_000).Select(Message).ToArray();
        var slot = Message(1).Encode(Dialect.Binary, protocol: 2).SlotOffset;
        using var start = new Barrier(Threads);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                foreach (var message in messages)
                {
                    var encoded = message.Encode(Dialect.Binary, protocol: 2);
                    Assert.Equal(slot, encoded.SlotOffset);
                    Assert.True(encoded.Bytes.Length > slot);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    private static StoredMessage Message(int seq) => new()
    {
        Conversation = ConversationKey.Room(10_001, 7),
        ConversationId = 1,
        Seq = seq,
        SenderId = 10_001,
        BizCode = BizCodes.Chat,
        Data = "{}",
        Time = 1,
    };
}
