using System.Globalization;
using System.Text;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Checks that the messages of its sender come as 1, 2, 3…, and acks them.</summary>
internal sealed class DirectReceiver : Session
{
    private readonly DirectBoard _board;
    private readonly NumberScanner _seqOfMessage;
    private readonly DirectSender _sender;
    private readonly DirectAck _ack;
    private readonly byte[] _ackBody;
    private readonly int _ackSeqOffset;
    private int _last;
    private int _acked;

    internal DirectReceiver(Fleet fleet, DirectBoard board, DirectSender sender, long userId, DirectAck ack)
        : base(fleet, userId)
    {
        _board = board;
        _sender = sender;
        _ack = ack;
        var (low, high) = (Math.Min(sender.UserId, userId), Math.Max(sender.UserId, userId));
        var conversation = string.Create(CultureInfo.InvariantCulture, $"d:{low}:{high}");
        _seqOfMessage = NumberScanner.SeqIn(conversation, protocol: 2);
        var prefix = $"{{\"conversation\":\"{conversation}\",\"seq\":";
        _ackSeqOffset = prefix.Length;
        _ackBody = Encoding.ASCII.GetBytes(prefix + "          }");
    }

    internal int Duplicates { get; private set; }

    internal long Gaps { get; private set; }

    internal long Missing => _sender.Sent - _last + Gaps;

    protected override void OnMessage(ReadOnlySpan<byte> body)
    {
        var seq = _seqOfMessage.Read(body);
        if (_board.SenderOfMessage.Read(body) != _sender.UserId)
            CountMisaddressed();
        if (seq <= _last)
        {
            Duplicates++;
            return;
        }

        Gaps += seq - _last - 1;
        _last = seq;
        _board.Deliver(_sender.SentAt(seq));
        if (_ack == DirectAck.Each)
            Ack();
    }

    protected override void OnReadEnd()
    {
        if (_acked < _last)
            Ack();
    }

    private void Ack()
    {
        _acked = _last;
        // Digits before white space: a number of any length leaves the body's length as it is.
        var digits = _ackBody.AsSpan(_ackSeqOffset, 10);
        digits.Fill((byte)' ');
        _last.TryFormat(digits, out _, provider: CultureInfo.InvariantCulture);
        Send(FrameCode.Ack, _ackBody);
    }
}
