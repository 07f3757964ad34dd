using Sailfish.LoadTest.Harness;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>A member of the room, which checks that it sees 1, 2, 3…; some of them send.</summary>
internal sealed class RoomMember(Fleet fleet, RoomBoard board, long userId, int frameSize)
    : Session(fleet, userId, RoomOptions.Room)
{
    private readonly List<long> _sentAt = [];
    private MessageTemplate? _template;
    private int _last;
    private int _received;

    internal int Duplicates { get; private set; }

    /// <summary>Seqs that were jumped over without a word from the server.</summary>
    internal long Gaps { get; private set; }

    internal bool HasAll => Missing == 0;

    /// <summary>Messages of others that have not come.</summary>
    internal long Missing => board.Sent - _sentAt.Count - _received;

    internal void SendChat(long from)
    {
        _template ??= MessageTemplate.ToRoom(RoomOptions.Room, frameSize);
        board.CountSent();
        _sentAt.Add(from);
        Send(FrameCode.Message, _template.Body(_sentAt.Count - 1));
    }

    protected override void OnMessage(ReadOnlySpan<byte> body)
    {
        var seq = board.SeqOfMessage.Read(body);
        if (seq <= _last)
        {
            Duplicates++;
            return;
        }

        // A sender does not get its own messages: what it misses of the others' shows in the final count.
        if (seq != _last + 1 && !IsBehind && _sentAt.Count == 0)
            Gaps += seq - _last - 1;
        if (seq != _last + 1 && IsBehind)
            board.Skip(_last + 1, seq);
        _last = seq;
        _received++;
        board.Deliver(seq);
    }

    protected override void OnReceipt(ReadOnlySpan<byte> body) =>
        board.Receipt(board.SeqOfReceipt.Read(body), _sentAt[board.NumberOfReceipt.Read(body)]);
}
