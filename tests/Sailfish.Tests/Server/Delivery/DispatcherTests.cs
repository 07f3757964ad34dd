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
        // A message to a user needs neither rooms nor their policy; the end of a room does.
        var pump = new RoomPump(new ConnectionTable(TimeProvider.System), null!, metrics, NullLogger<RoomPump>.Instance);
        var router = new Router(new SessionTable(), new RoomTable(Options.Create(new RoomsOptions())), null!, pump, new AckTable(), metrics);
        var dispatcher = new Dispatcher(
            log, router, pump, new InProcessBus(Fakes.Meters), new EpochClock(TimeProvider.System), metrics, NullLogger<Dispatcher>.Instance);
        await dispatcher.StartAsync(TestContext.Current.CancellationToken);

        var sender = Fakes.Session(10001);
        var first = Submission(sender, 1);
        var last = Submission(sender, 3);
        log.Complete(first, Submission(sender, 2, ConversationKey.Room(1, 7), closes: true));
        log.Complete(last);

        Assert.True(first.Done!.Task.IsCompletedSuccessfully);
        Assert.True(last.Done!.Task.IsCompletedSuccessfully);
        Assert.True(sender.Connection.Input.TryRead(out var read));
        var sent = Encoding.UTF8.GetString(read.Buffer.ToArray());
        Assert.Contains("\"clientMsgId\":\"m1\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"clientMsgId\":\"m3\"", sent, StringComparison.Ordinal);
    }

    private static Submission Submission(Session sender, long seq, ConversationKey? conversation = null, bool closes = false) => new()
    {
        Conversation = conversation ?? Conversation,
        SenderId = sender.UserId,
        ClientMsgId = $"m{seq}",
        BizCode = BizCodes.Chat,
        Data = "{}",
        Time = 1,
        Sender = sender,
        Closes = closes,
        Done = new TaskCompletionSource<Submission>(),
        Stored = Fakes.Message(conversation ?? Conversation, seq),
    };

    /// <summary>What the dispatcher needs of a log, and nothing else.</summary>
    private sealed class MemoryLog : IMessageLog
    {
        private readonly Channel<Submission> _completed = Channel.CreateUnbounded<Submission>();

        public ChannelReader<Submission> Completed => _completed.Reader;

        public Action<int>? OnCompleted { get; set; }

        public void Complete(params Submission[] submissions)
        {
            foreach (var submission in submissions)
                Assert.True(_completed.Writer.TryWrite(submission));
            OnCompleted!(submissions.Length);
        }

        public ValueTask AppendAsync(Submission submission, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
