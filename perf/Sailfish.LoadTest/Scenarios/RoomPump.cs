using System.Diagnostics;
using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Lets the senders send: by a window of messages under way, or by the clock.</summary>
internal sealed class RoomPump(RoomOptions options, RoomTotals totals, RoomMember[] senders)
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);

    private SendClock _clock = new(options.Rate);
    private long _progress;
    private long _progressAt;
    private int _turn;

    internal void Send()
    {
        if (options.Rate > 0)
            SendByClock();
        else
            SendByWindow();
    }

    /// <summary>What would have been due in a rest is not sent after it.</summary>
    internal void Rest()
    {
        _clock = new SendClock(options.Rate);
        _progressAt = 0;
    }

    private void SendByClock()
    {
        while (_clock.TryTake(out var due))
            Next().SendChat(due);
    }

    private void SendByWindow()
    {
        var underWay = options.Loop == RoomLoop.Delivered ? totals.UnderWay : totals.Sent - totals.Receipts;
        for (; underWay < options.Window; underWay++)
            Next().SendChat(Stopwatch.GetTimestamp());
        ForgiveStall();
    }

    /// <summary>What was skipped for members behind is never delivered: without this the window would stay shut.</summary>
    private void ForgiveStall()
    {
        if (totals.Deliveries != _progress)
            (_progress, _progressAt) = (totals.Deliveries, Stopwatch.GetTimestamp());
        else if (_progressAt != 0 && Stopwatch.GetElapsedTime(_progressAt) > Stall)
            (totals.Forgiven, _progressAt) = (totals.Sent - totals.Completed, Stopwatch.GetTimestamp());
    }

    private RoomMember Next() => senders[_turn++ % senders.Length];
}
