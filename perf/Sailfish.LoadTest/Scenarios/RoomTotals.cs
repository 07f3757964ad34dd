using Sailfish.LoadTest.Bodies;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>The sums over all rooms of a run.</summary>
internal sealed class RoomTotals
{
    internal NumberScanner SenderOfMessage { get; } = NumberScanner.Sender();

    internal NumberScanner SeqOfReceipt { get; } = NumberScanner.Seq();

    internal NumberScanner NumberOfReceipt { get; } = NumberScanner.ClientMsgId();

    internal long Sent { get; set; }

    internal long Receipts { get; set; }

    /// <summary>Logical MESSAGE frames that members who read received and checked.</summary>
    internal long Deliveries { get; set; }

    /// <summary>Messages that every reading member but its sender has, or was told that it is skipped.</summary>
    internal long Completed { get; set; }

    /// <summary>Messages that are no longer waited for.</summary>
    internal long Forgiven { get; set; }

    /// <summary>Connections of members who do not read, ended by the server.</summary>
    internal long SlowCutOff { get; set; }

    internal long UnderWay => Math.Max(0, Sent - Completed - Forgiven);
}
