using System.Buffers;
using System.Buffers.Binary;
using Sailfish.LoadTest.Net;
using Sailfish.Media.Flv;

namespace Sailfish.LoadTest.Video;

/// <summary>Publishes to the floor: the bytes of tags of one size, which it says first.</summary>
internal sealed class FloorPublisher(int kbps) : Publisher(SyntheticStream.Even(kbps))
{
    internal override bool IsReady => true;

    internal override void Open()
    {
        Span<byte> size = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(size, SyntheticStream.EvenTagSize(kbps));
        Poller.Send(this, size);
    }

    internal override int Consume(ReadOnlyMemory<byte> received) => received.Length;

    protected override void Write(ArrayBufferWriter<byte> output, in FlvTag tag)
    {
        var size = FlvWriter.TagSize(tag.Body.Length);
        output.Advance(FlvWriter.WriteTag(output.GetSpan(size), tag.Kind, tag.Timestamp, tag.Body.Span));
    }
}
