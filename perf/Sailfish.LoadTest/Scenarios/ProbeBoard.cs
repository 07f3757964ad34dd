using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>What the probes saw in one period.</summary>
internal sealed class ProbeBoard
{
    internal Latencies Heartbeats { get; set; } = new();

    internal Latencies Messages { get; set; } = new();

    internal NumberScanner NumberOfReceipt { get; } = NumberScanner.ClientMsgId();

    /// <summary>Begins a new period.</summary>
    internal void Begin() => (Heartbeats, Messages) = (new Latencies(), new Latencies());
}
