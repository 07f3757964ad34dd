using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Lets the senders send: each by a window of its own, or all in turn by the clock.</summary>
internal sealed class DirectPump(DirectOptions options, DirectSender[] senders)
{
    private readonly SendClock _clock = new(options.Rate);
    private int _turn;

    internal void Start()
    {
        if (options.Rate > 0)
            return;
        foreach (var sender in senders)
            sender.Start(options.Window);
    }

    internal void Stop()
    {
        foreach (var sender in senders)
            sender.Stop();
    }

    /// <summary>Sends what is due by the clock; senders with a window send by themselves.</summary>
    internal void Send()
    {
        while (options.Rate > 0 && _clock.TryTake(out var due))
            senders[_turn++ % senders.Length].SendChat(due);
    }
}
