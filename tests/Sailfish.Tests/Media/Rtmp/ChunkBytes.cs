using System.Buffers.Binary;
using Sailfish.Media.Rtmp;

namespace Sailfish.Tests.Media.Rtmp;

/// <summary>Chunks as a peer may send them (RTMP 1.0, section 5.3.1), field by field.</summary>
internal static class ChunkBytes
{
    private const uint ExtendedFrom = 0xFF_FFFF;

    /// <summary>The basic header alone, which is all of a header of format 3.</summary>
    public static byte[] Basic(int format, int chunkStream) => chunkStream switch
    {
        < 64 => [(byte)((format << 6) | chunkStream)],
        < 320 => [(byte)(format << 6), (byte)(chunkStream - 64)],
        _ => [(byte)((format << 6) | 1), (byte)(chunkStream - 64), (byte)((chunkStream - 64) >> 8)],
    };

    /// <summary>A header of format 0.</summary>
    public static byte[] Header0(int chunkStream, uint time, int length, RtmpMessageType type, uint streamId = 1)
    {
        var id = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(id, streamId);
        return [.. Basic(0, chunkStream), .. Field(time), .. UInt24(length), (byte)type, .. id, .. Extended(time)];
    }

    /// <summary>A header of format 1: as 0, without the stream's id, its time the difference.</summary>
    public static byte[] Header1(int chunkStream, uint delta, int length, RtmpMessageType type) =>
        [.. Basic(1, chunkStream), .. Field(delta), .. UInt24(length), (byte)type, .. Extended(delta)];

    /// <summary>A header of format 2: the difference alone.</summary>
    public static byte[] Header2(int chunkStream, uint delta) => [.. Basic(2, chunkStream), .. Field(delta), .. Extended(delta)];

    /// <summary>Four bytes where the time does not fit three.</summary>
    public static byte[] Extended(uint time)
    {
        var bytes = new byte[time >= ExtendedFrom ? 4 : 0];
        if (bytes.Length > 0)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, time);
        return bytes;
    }

    /// <summary>A whole message, format 0 and then 3; the extended time is repeated as the specification says, or not.</summary>
    public static byte[] Message(int chunkStream, uint time, RtmpMessageType type, byte[] body, int chunkSize = 128, bool repeats = true, uint streamId = 1) =>
        [.. Header0(chunkStream, time, body.Length, type, streamId), .. Cut(chunkStream, time, body, chunkSize, repeats)];

    /// <summary>A body cut into chunks, from behind the first header on.</summary>
    public static byte[] Cut(int chunkStream, uint time, byte[] body, int chunkSize = 128, bool repeats = true)
    {
        List<byte> bytes = [];
        for (var at = 0; at < body.Length; at += chunkSize)
        {
            if (at > 0)
                bytes.AddRange([.. Basic(3, chunkStream), .. repeats ? Extended(time) : []]);
            bytes.AddRange(body.AsSpan(at, Math.Min(chunkSize, body.Length - at)));
        }

        return [.. bytes];
    }

    /// <summary>A control message of one number.</summary>
    public static byte[] Control(RtmpMessageType type, uint number, int chunkSize = 128)
    {
        var body = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(body, number);
        return Message(2, 0, type, body, chunkSize, streamId: 0);
    }

    private static byte[] Field(uint time) => UInt24((int)Math.Min(time, ExtendedFrom));

    private static byte[] UInt24(int value) => [(byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
