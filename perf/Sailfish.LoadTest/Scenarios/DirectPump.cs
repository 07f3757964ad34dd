using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Lets the senders send: each by a window of its own, or all in turn by the clock.</summary>
internal sealed class DirectPump(DirectOptions options, DirectSender[] senders)
{
    private SendClock _clock = new(options.Rate);
    private int _turn;

    private bool _runs;

    /// <summary>Fills the windows, if they are not full already.</summary>
    internal void Start()
    {
        if (options.Rate > 0 || _runs)
            return;
        _runs = true;
        foreach (var sender in senders)
            sender.Start(options.Window);
    }

    /// <summary>What would have been due in a rest is not sent after it.</summary>
    internal void Stop()
    {
        _runs = false;
        _clock = new SendClock(options.Rate);
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
