using System.Buffers;
using System.Text;
using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>A member of a room, which checks that it sees 1, 2, 3…; some of them send, some do not read.</summary>
internal sealed class RoomMember(Fleet fleet, RoomBoard board, long userId, int frameSize, bool isSlow = false)
    : Session(fleet, userId, board.Room)
{
    private static readonly byte[] MsgIdMark = "\"msgId\":\""u8.ToArray();

    private readonly List<long> _sentAt = [];
    private readonly ArrayBufferWriter<byte>? _acks = fleet.Transport.Protocol == 1 ? new() : null;
    private MessageTemplate? _template;
    private int _last;
    private int _received;

    /// <summary>It does not read while the load lasts, so nobody waits for it.</summary>
    internal bool IsSlow => isSlow;

    internal int Duplicates { get; private set; }

    /// <summary>Seqs that were jumped over without a word from the server.</summary>
    internal long Gaps { get; private set; }

    internal bool HasAll => Missing == 0;

    /// <summary>Messages of others that have not come.</summary>
    internal long Missing => board.Sent - _sentAt.Count - _received;

    internal void SendChat(long from)
    {
        _template ??= MessageTemplate.ToRoom(board.Room, frameSize);
        board.CountSent();
        _sentAt.Add(from);
        Send(FrameCode.Message, _template.Body(_sentAt.Count - 1));
    }

    protected override void OnMessage(ReadOnlySpan<byte> body)
    {
        var seq = board.SeqOfMessage.Read(body);
        if (NamesPeople && !IsOfSender(board.Totals.SenderOfMessage.Read(body)))
            CountMisaddressed();
        NoteAck(body);
        if (seq <= _last)
        {
            Duplicates++;
            return;
        }

        // A sender does not get its own messages: what it misses of the others' shows in the final count.
        if (seq != _last + 1 && !IsBehind && _sentAt.Count == 0)
            Gaps += seq - _last - 1;
        if (seq != _last + 1 && IsBehind && !isSlow)
            board.Skip(_last + 1, seq);
        _last = seq;
        _received++;
        if (!isSlow)
            board.Deliver(seq);
    }

    protected override void OnReadEnd()
    {
        if (_acks is not { WrittenCount: > 0 })
            return;
        SendWritten(_acks.WrittenSpan);
        _acks.ResetWrittenCount();
    }

    protected override void OnReceipt(ReadOnlySpan<byte> body) =>
        board.Receipt(board.Totals.SeqOfReceipt.Read(body), _sentAt[board.Totals.NumberOfReceipt.Read(body)]);

    protected override void OnCutOff()
    {
        if (isSlow)
            board.Totals.SlowCutOff++;
        else
            base.OnCutOff();
    }

    private bool IsOfSender(long user) => user >= board.Senders.First && user < board.Senders.End;

    /// <summary>Protocol 1 acks each message by its msgId; all acks of one read go out in one write.</summary>
    private void NoteAck(ReadOnlySpan<byte> body)
    {
        if (_acks is null)
            return;
        var id = body[(body.IndexOf(MsgIdMark) + MsgIdMark.Length)..];
        id = id[..id.IndexOf((byte)'"')];
        Write(_acks, FrameCode.Ack, Encoding.ASCII.GetBytes($"{{\"msgId\":\"{Encoding.ASCII.GetString(id)}\"}}"));
    }
}
