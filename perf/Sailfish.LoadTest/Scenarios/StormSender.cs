using Sailfish.LoadTest.Bodies;
using Sailfish.LoadTest.Harness;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Stays in its room all the time, and writes while the others are away.</summary>
internal sealed class StormSender(Fleet fleet, StormRoom room, long userId, int frameSize) : Session(fleet, userId, room.Id)
{
    private readonly NumberScanner _seqOfReceipt = NumberScanner.Seq();
    private readonly MessageTemplate _template = MessageTemplate.ToRoom(room.Id, frameSize);
    private int _sent;

    internal bool HasAllReceipts => room.Newest == _sent;

    internal void SendChats(int count)
    {
        for (var i = 0; i < count; i++)
            Send(FrameCode.Message, _template.Body(_sent++));
    }

    protected override void OnReceipt(ReadOnlySpan<byte> body) => room.Newest = _seqOfReceipt.Read(body);
}
