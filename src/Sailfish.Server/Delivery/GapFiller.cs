using Sailfish.Server.Conversations;

namespace Sailfish.Server.Delivery;

/// <summary>What the sequencer cannot do in the dispatcher's loop: it waits for it, and reads the log for it.</summary>
internal sealed class GapFiller(Sequencer sequencer, Dispatcher dispatcher, GapReader gaps, DeliveryMetrics metrics, TimeProvider time, ILogger<GapFiller> logger)
    : BackgroundService
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(TickAsync(stoppingToken), ReadAsync(stoppingToken));

    private async Task TickAsync(CancellationToken stoppingToken)
    {
        while (await sequencer.WaitAsync(stoppingToken))
        {
            await Task.Delay(Step, time, stoppingToken);
            dispatcher.Do(sequencer.Tick);
        }
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        await foreach (var read in sequencer.Wanted.ReadAllAsync(stoppingToken))
            _ = AnswerAsync(read);
    }

    /// <summary>Never throws.</summary>
    private async Task AnswerAsync(GapRead read)
    {
        GapPage? page = null;
        try
        {
            page = await gaps.ReadAsync(read.Gap.Conversation, read.After, read.UpTo);
        }
        catch (TimeoutException fault)
        {
            DeliveryLog.GapNotRead(logger, fault, read.Gap.Conversation.Name, read.After);
        }

        metrics.GapRead(isRead: page is not null);
        dispatcher.Do(flushes => sequencer.Answer(read, page, flushes));
    }
}
