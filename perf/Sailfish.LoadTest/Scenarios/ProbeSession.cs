using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>
/// One of those who did nothing wrong: it heartbeats, writes to the next of a ring and reads what the one before writes.
/// </summary>
internal sealed class ProbeSession(Fleet fleet, ProbeBoard board, long userId, long next) : Session(fleet, userId)
{
    private const int FrameSize = 128;

    private readonly MessageTemplate _template = MessageTemplate.ToUser(next, FrameSize);
    private readonly Queue<long> _heartbeats = [];
    private readonly List<long> _sentAt = [];
    private NumberScanner? _seq;
    private ProbeSession? _before;
    private int _receipts;
    private int _received;

    /// <summary>Heartbeats and receipts that have not come.</summary>
    internal int Unanswered => _heartbeats.Count + _sentAt.Count - _receipts;

    /// <summary>Messages of the one before that have not come, or came otherwise than in order.</summary>
    internal int Missing => _before!._sentAt.Count - _received;

    internal void Follow(ProbeSession before)
    {
        _before = before;
        var (low, high) = (Math.Min(before.UserId, UserId), Math.Max(before.UserId, UserId));
        _seq = NumberScanner.SeqIn(string.Create(CultureInfo.InvariantCulture, $"d:{low}:{high}"), protocol: 2);
    }

    internal void Beat()
    {
        _heartbeats.Enqueue(Stopwatch.GetTimestamp());
        Send(FrameCode.Heartbeat, "{}"u8);
    }

    internal void Write()
    {
        _sentAt.Add(Stopwatch.GetTimestamp());
        Send(FrameCode.Message, _template.Body(_sentAt.Count - 1));
    }

    protected override void OnHeartbeat()
    {
        // The fleet's own heartbeats, one in 30 s, come here too; they are answered in order like the others.
        if (_heartbeats.TryDequeue(out var sentAt))
            board.Heartbeats.Add(sentAt, Stopwatch.GetTimestamp());
        else
            base.OnHeartbeat();
    }

    protected override void OnReceipt(ReadOnlySpan<byte> body)
    {
        if (board.NumberOfReceipt.Read(body) == _receipts)
            _receipts++;
    }

    protected override void OnMessage(ReadOnlySpan<byte> body)
    {
        var seq = _seq!.Read(body);
        if (seq == _received + 1)
            _received++;
        if (seq <= _before!._sentAt.Count)
            board.Messages.Add(_before._sentAt[seq - 1], Stopwatch.GetTimestamp());
        Send(FrameCode.Ack, Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $$"""{"conversation":"d:{{Math.Min(_before.UserId, UserId)}}:{{Math.Max(_before.UserId, UserId)}}","seq":{{seq}}}""")));
    }
}
