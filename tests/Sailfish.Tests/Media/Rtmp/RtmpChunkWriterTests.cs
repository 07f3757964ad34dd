using System.Buffers;
using Sailfish.Media.Rtmp;

namespace Sailfish.Tests.Media.Rtmp;

public sealed class RtmpChunkWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(256)]
    [InlineData(1000)]
    public void Message_is_cut_into_chunks_of_128_bytes(int length)
    {
        byte[] body = [.. Enumerable.Range(0, length).Select(at => (byte)at)];
        var output = new ArrayBufferWriter<byte>();
        new RtmpChunkWriter(output).Write(5, RtmpMessageType.CommandAmf0, 7, body);
        Assert.Equal(Convert.ToHexString(ChunkBytes.Message(5, 0, RtmpMessageType.CommandAmf0, body, streamId: 7)), Convert.ToHexString(output.WrittenSpan));
    }

    [Fact]
    public void Chunk_size_is_told_and_then_kept_to()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new RtmpChunkWriter(output);
        writer.SetChunkSize(300);
        writer.Write(5, RtmpMessageType.CommandAmf0, 7, new byte[500]);
        byte[] expected = [.. ChunkBytes.Control(RtmpMessageType.SetChunkSize, 300), .. ChunkBytes.Message(5, 0, RtmpMessageType.CommandAmf0, new byte[500], 300, streamId: 7)];
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(output.WrittenSpan));
    }
}
