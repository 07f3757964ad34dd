using System.Buffers.Binary;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Transports;

/// <summary>Splits bytes into binary frames, at the least cost per frame.</summary>
internal static class BinaryFrames
{
    /// <summary>The largest body a server of default settings writes.</summary>
    private const int MaxBody = BinaryFrame.DefaultMaxBody;

    internal static int Read(ReadOnlySpan<byte> received, IFrameSink sink)
    {
        var position = 0;
        while (received.Length - position >= BinaryFrame.HeaderSize)
        {
            var header = received.Slice(position, BinaryFrame.HeaderSize);
            var length = BinaryPrimitives.ReadInt32BigEndian(header[6..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(header) != BinaryFrame.Magic || (uint)length > MaxBody)
                throw new LoadTestException($"The server sent no frame: {Convert.ToHexString(header)}");
            if (received.Length - position - BinaryFrame.HeaderSize < length)
                break;
            sink.OnFrame(
                (FrameCode)BinaryPrimitives.ReadInt32BigEndian(header[2..]),
                received.Slice(position + BinaryFrame.HeaderSize, length));
            position += BinaryFrame.HeaderSize + length;
        }

        return position;
    }
}
