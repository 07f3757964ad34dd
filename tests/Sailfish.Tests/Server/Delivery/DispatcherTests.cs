using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Events;
using Sailfish.Server.Messaging;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

public sealed class DispatcherTests
{
    private static readonly ConversationKey Conversation = ConversationKey.Direct(1, 10001, 10002);

    [Fact]
    public async Task What_it_cannot_dispatch_ends_no_delivery_before_or_after_it()
    {
        var log = new MemoryLog();
        var metrics = new PushMetrics(Fakes.Meters);
        // A message to a user needs neither rooms nor their policy.
        var pump = new RoomPump(new ConnectionTable(TimeProvider.System), null!, metrics, NullLogger<RoomPump>.Instance);
        var router = new Router(new SessionTable(), new RoomTable(Options.Create(new RoomsOptions())), null!, pump, new AckTable(), metrics);
        var dispatcher = new Dispatcher(
            log, router, pump, new InProcessBus(Fakes.Meters), new EpochClock(TimeProvider.System), metrics, NullLogger<Dispatcher>.Instance);
        await dispatcher.StartAsync(TestContext.Current.CancellationToken);

        var sender = Fakes.Session(10001);
        var first = Submission(sender, 1);
        var last = Submission(sender, 3);
        log.Complete(first, new AppendRequest { Conversation = Conversation, SenderId = 10001, BizCode = BizCodes.Chat, Data = "{}", Time = 1 });
        log.Complete(last);

        Assert.True(first.Done!.Task.IsCompletedSuccessfully);
        Assert.True(last.Done!.Task.IsCompletedSuccessfully);
        Assert.True(sender.Connection.Input.TryRead(out var read));
        var sent = Encoding.UTF8.GetString(read.Buffer.ToArray());
        Assert.Contains("\"clientMsgId\":\"m1\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"clientMsgId\":\"m3\"", sent, StringComparison.Ordinal);
    }

    private static Submission Submission(Session sender, long seq) => new()
    {
        Conversation = Conversation,
        SenderId = sender.UserId,
        ClientMsgId = $"m{seq}",
        BizCode = BizCodes.Chat,
        Data = "{}",
        Time = 1,
        Sender = sender,
        Done = new TaskCompletionSource<Submission>(),
        Stored = Fakes.Message(Conversation, seq),
    };

    /// <summary>What the dispatcher needs of a log, and nothing else.</summary>
    private sealed class MemoryLog : IMessageLog
    {
        private readonly Channel<AppendRequest> _completed = Channel.CreateUnbounded<AppendRequest>();

        public ChannelReader<AppendRequest> Completed => _completed.Reader;

        public Action<int>? OnCompleted { get; set; }

        public void Complete(params AppendRequest[] requests)
        {
            foreach (var request in requests)
                Assert.True(_completed.Writer.TryWrite(request));
            OnCompleted!(requests.Length);
        }

        public ValueTask AppendAsync(AppendRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
