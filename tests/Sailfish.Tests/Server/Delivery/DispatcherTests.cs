using System.Buffers;
using System.Text;
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
    public void What_it_cannot_dispatch_ends_no_delivery_before_or_after_it()
    {
        var metrics = new PushMetrics(Fakes.Meters);
        // A message to a user needs neither rooms nor their policy; the end of a room does.
        var pump = new RoomPump(new ConnectionTable(TimeProvider.System), null!, metrics, NullLogger<RoomPump>.Instance);
        var router = new Router(new SessionTable(), new RoomTable(Options.Create(new RoomsOptions())), null!, pump, new AckTable(), metrics);
        var dispatcher = new Dispatcher(
            router, pump, new InProcessBus(Fakes.Meters), new EpochClock(TimeProvider.System), metrics, NullLogger<Dispatcher>.Instance);

        var sender = Fakes.Session(10001);
        var first = Submission(sender, 1);
        var last = Submission(sender, 3);
        dispatcher.Told([first, Submission(sender, 2, ConversationKey.Room(1, 7), closes: true)]);
        dispatcher.Told([last]);

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
}
