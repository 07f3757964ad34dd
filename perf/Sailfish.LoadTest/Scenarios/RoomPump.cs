using System.Diagnostics;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Lets the senders send: by a window of messages under way, or by the clock.</summary>
internal sealed class RoomPump(RoomOptions options, RoomBoard board, ReadOnlyMemory<RoomMember> senders)
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);

    private long _startedAt;
    private long _scheduled;
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

    /// <summary>A message counts from the time it was due, so that a late sender does not hide a slow server.</summary>
    private void SendByClock()
    {
        if (_startedAt == 0)
            _startedAt = Stopwatch.GetTimestamp();
        while (true)
        {
            var due = _startedAt + (long)(_scheduled / options.Rate * Stopwatch.Frequency);
            if (due > Stopwatch.GetTimestamp())
                return;
            _scheduled++;
            Next().SendChat(due);
        }
    }

    private void SendByWindow()
    {
        var underWay = options.Loop == RoomLoop.Delivered ? board.UnderWay : board.Sent - board.Receipts;
        for (; underWay < options.Window; underWay++)
            Next().SendChat(Stopwatch.GetTimestamp());
        ForgiveStall();
    }

    /// <summary>What was skipped for members behind is never delivered: without this the window would stay shut.</summary>
    private void ForgiveStall()
    {
        if (board.Deliveries != _progress)
            (_progress, _progressAt) = (board.Deliveries, Stopwatch.GetTimestamp());
        else if (_progressAt != 0 && Stopwatch.GetElapsedTime(_progressAt) > Stall)
            (board.Forgiven, _progressAt) = (board.Sent - board.Completed, Stopwatch.GetTimestamp());
    }

    private RoomMember Next() => senders.Span[_turn++ % senders.Length];
}
