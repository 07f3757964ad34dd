using System.Diagnostics;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Sends when it is told, or one message more for each receipt. It is alone in its conversation, so message n has seq n + 1.</summary>
internal sealed class DirectSender(Fleet fleet, DirectBoard board, long userId, MessageTemplate template)
    : Session(fleet, userId)
{
    private readonly List<long> _sentAt = [];
    private int _receipts;
    private bool _running;

    internal int Sent => _sentAt.Count;

    internal long WrongReceipts { get; private set; }

    internal void Start(int window)
    {
        _running = true;
        for (var i = 0; i < window; i++)
            SendChat(Stopwatch.GetTimestamp());
    }

    internal void Stop() => _running = false;

    /// <summary>Sends a message that counts from <paramref name="from"/>.</summary>
    internal void SendChat(long from)
    {
        board.CountSent();
        _sentAt.Add(from);
        Send(FrameCode.Message, template.Body(_sentAt.Count - 1));
    }

    /// <summary>When the message of a seq was sent; now, for a seq that was never used.</summary>
    internal long SentAt(int seq) => seq >= 1 && seq <= _sentAt.Count ? _sentAt[seq - 1] : Stopwatch.GetTimestamp();

    protected override void OnReceipt(ReadOnlySpan<byte> body)
    {
        var number = board.NumberOfReceipt.Read(body);
        if (number != _receipts || board.SeqOfReceipt.Read(body) != number + 1)
            WrongReceipts++;
        _receipts++;
        board.Receipt(_sentAt[number]);
        if (_running)
            SendChat(Stopwatch.GetTimestamp());
    }
}
