using System.Diagnostics;
using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What has become of each message of the room, by its seq.</summary>
internal sealed class RoomBoard(int receivers)
{
    private int[] _count = new int[1024];
    private long[] _completedAt = new long[1024];
    private long[] _sentAt = new long[1024];

    internal NumberScanner SeqOfMessage { get; } = NumberScanner.Seq();

    internal NumberScanner SeqOfReceipt { get; } = NumberScanner.Seq();

    internal NumberScanner NumberOfReceipt { get; } = NumberScanner.ClientMsgId();

    internal long Sent { get; private set; }

    internal long Receipts { get; private set; }

    /// <summary>Logical MESSAGE frames that members received and checked.</summary>
    internal long Deliveries { get; private set; }

    /// <summary>Messages that every member but its sender has, or was told that it is skipped.</summary>
    internal long Completed { get; private set; }

    /// <summary>Messages that are no longer waited for.</summary>
    internal long Forgiven { get; set; }

    internal long UnderWay => Math.Max(0, Sent - Completed - Forgiven);

    internal void CountSent() => Sent++;

    internal void Receipt(int seq, long sentAt)
    {
        Receipts++;
        Reserve(seq);
        _sentAt[seq] = sentAt;
    }

    internal void Deliver(int seq)
    {
        Deliveries++;
        Count(seq);
    }

    /// <summary>Seqs from <paramref name="from"/> to before <paramref name="to"/> were skipped for a member, who knows it.</summary>
    internal void Skip(int from, int to)
    {
        for (var seq = from; seq < to; seq++)
            Count(seq);
    }

    /// <summary>From sending to the last member, of the messages sent in a period.</summary>
    internal Latencies Latencies(long from, long to)
    {
        var latencies = new Latencies();
        for (var seq = 1; seq < _sentAt.Length; seq++)
        {
            if (_sentAt[seq] >= from && _sentAt[seq] < to && _completedAt[seq] != 0)
                latencies.Add(_sentAt[seq], _completedAt[seq]);
        }

        return latencies;
    }

    private void Count(int seq)
    {
        Reserve(seq);
        if (++_count[seq] != receivers)
            return;
        _completedAt[seq] = Stopwatch.GetTimestamp();
        Completed++;
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
