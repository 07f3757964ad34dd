using System.Diagnostics;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What has become of each message of one room, by its seq.</summary>
internal sealed class RoomBoard(RoomTotals totals, long room, int receivers, NumberScanner seqOfMessage)
{
    private int[] _count = new int[64];
    private long[] _completedAt = new long[64];
    private long[] _sentAt = new long[64];

    internal RoomTotals Totals => totals;

    internal long Room => room;

    internal NumberScanner SeqOfMessage => seqOfMessage;

    /// <summary>The first user who sends to the room, and the one after the last.</summary>
    internal (long First, long End) Senders { get; init; }

    /// <summary>Messages sent to this room.</summary>
    internal long Sent { get; private set; }

    internal void CountSent()
    {
        Sent++;
        totals.Sent++;
    }

    internal void Receipt(int seq, long sentAt)
    {
        totals.Receipts++;
        Reserve(seq);
        _sentAt[seq] = sentAt;
    }

    internal void Deliver(int seq)
    {
        totals.Deliveries++;
        Count(seq);
    }

    /// <summary>Seqs from <paramref name="from"/> to before <paramref name="to"/> were skipped for a member, who knows it.</summary>
    internal void Skip(int from, int to)
    {
        for (var seq = from; seq < to; seq++)
            Count(seq);
    }

    /// <summary>Adds the times from sending to the last member, of the messages sent in a period.</summary>
    internal void AddLatencies(Latencies latencies, long from, long to)
    {
        for (var seq = 1; seq < _sentAt.Length; seq++)
        {
            if (_sentAt[seq] >= from && _sentAt[seq] < to && _completedAt[seq] != 0)
                latencies.Add(_sentAt[seq], _completedAt[seq]);
        }
    }

    private void Count(int seq)
    {
        Reserve(seq);
        if (++_count[seq] != receivers)
            return;
        _completedAt[seq] = Stopwatch.GetTimestamp();
        totals.Completed++;
    }

    private void Reserve(int seq)
    {
        if (seq < _count.Length)
            return;
        var size = Math.Max(seq + 1, _count.Length * 2);
        Array.Resize(ref _count, size);
        Array.Resize(ref _completedAt, size);
        Array.Resize(ref _sentAt, size);
    }
}
