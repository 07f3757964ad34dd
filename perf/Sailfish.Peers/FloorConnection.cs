using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Peers;

/// <summary>Answers logins, joins and heartbeats, and hands messages to the room.</summary>
internal sealed class FloorConnection(Socket socket, FloorRoom room)
{
    /// <summary>
    /// Bytes that a delivery has beyond the frame that was sent, as with Sailfish: what the log and the account add.
    /// </summary>
    private const int AddedBytes = 133;

    private static readonly byte[] ClientMsgIdMark = "\"clientMsgId\":\""u8.ToArray();

    private readonly ArrayBufferWriter<byte> _reply = new(256);
    private readonly byte[] _received = new byte[8192];
    private int _length;
    private long _room;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(_received.AsMemory(_length), cancellationToken)) > 0)
            {
                _length += read;
                TakeFrames();
            }
        }
        catch (SocketException)
        {
            // The client is gone; so is the run.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private void TakeFrames()
    {
        var input = new ReadOnlySequence<byte>(_received, 0, _length);
        while (BinaryFrame.TryRead(ref input, BinaryFrame.DefaultMaxBody, out var frame) == FrameReadStatus.Frame)
            Take(frame);
        var rest = (int)input.Length;
        input.CopyTo(_received);
        _length = rest;
    }

    private void Take(Frame frame)
    {
        switch (frame.Code)
        {
            case FrameCode.Join when BodyJson.TryRead(frame.Body, BodyJson.Wire.RoomRequest, out var request):
                _room = request.RoomId;
                room.Join(socket);
                Reply(FrameCode.Join, "{}"u8);
                break;
            case FrameCode.Message:
                Deliver(frame.Body.FirstSpan);
                break;
            default:
                Reply(frame.Code, "{}"u8);
                break;
        }
    }

    private void Deliver(ReadOnlySpan<byte> body)
    {
        var seq = room.NextSeq();
        var id = Encoding.ASCII.GetString(body.Slice(body.IndexOf(ClientMsgIdMark) + ClientMsgIdMark.Length, 8));
        Reply(FrameCode.Receipt, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"clientMsgId\":\"{id}\",\"seq\":{seq}}}")));
        var head = string.Create(CultureInfo.InvariantCulture, $"{{\"conversation\":\"r:{_room}\",\"seq\":{seq},\"data\":\"");
        var message = Encoding.ASCII.GetBytes(head.PadRight(body.Length + AddedBytes - 2, 'x') + "\"}");
        var frame = new ArrayBufferWriter<byte>(BinaryFrame.HeaderSize + message.Length);
        BinaryFrame.Write(frame, FrameCode.Message, message);
        room.Send(frame.WrittenSpan, socket);
    }

    private void Reply(FrameCode code, ReadOnlySpan<byte> body)
    {
        _reply.ResetWrittenCount();
        BinaryFrame.Write(_reply, code, body);
        socket.Send(_reply.WrittenSpan);
    }
}
