using System.Diagnostics;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The sums over all pairs.</summary>
internal sealed class DirectBoard
{
    private bool _measuring;

    internal NumberScanner SenderOfMessage { get; } = NumberScanner.Sender();

    internal NumberScanner SeqOfReceipt { get; } = NumberScanner.Seq();

    internal NumberScanner NumberOfReceipt { get; } = NumberScanner.ClientMsgId();

    internal Latencies ReceiptLatencies { get; } = new();

    internal Latencies DeliveryLatencies { get; } = new();

    internal long Sent { get; private set; }

    internal long Receipts { get; private set; }

    internal long Deliveries { get; private set; }

    internal void StartMeasuring() => _measuring = true;

    internal void StopMeasuring() => _measuring = false;

    internal void CountSent() => Sent++;

    internal void Receipt(long sentAt)
    {
        Receipts++;
        if (_measuring)
            ReceiptLatencies.Add(sentAt, Stopwatch.GetTimestamp());
    }

    internal void Deliver(long sentAt)
    {
        Deliveries++;
        if (_measuring)
            DeliveryLatencies.Add(sentAt, Stopwatch.GetTimestamp());
    }
}
