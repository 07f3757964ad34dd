using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;
using Sailfish.Server.Delivery;
using Sailfish.Server.Messaging;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Delivery;

public sealed class ReceiptsTests
{
    [Fact]
    public void What_is_not_stored_or_comes_too_late_is_counted_among_what_is_refused()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        List<string> errors = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "sailfish.messages.refused" && instrument.Meter.Scope == meters)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => errors.Add((string)tags[0].Value!));
        listener.Start();
        var receipts = new Receipts(new PushMetrics(meters), new MessageMetrics(meters), NullLogger<Receipts>.Instance);
        receipts.Tell(Message(), new FlushSet());
        var late = Message();
        late.IsTooLate = true;
        receipts.Tell(late, new FlushSet());
        Assert.Equal([ErrorWords.NotStored, ErrorWords.RoomClosed], errors);
    }

    private static Submission Message() => new()
    {
        Conversation = ConversationKey.Direct(1, 10001, 10002),
        SenderId = 10001,
        BizCode = BizCodes.Chat,
        Data = "{}",
        Time = 1,
    };
}
