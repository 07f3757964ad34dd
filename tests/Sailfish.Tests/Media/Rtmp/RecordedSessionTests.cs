using System.Buffers;
using Sailfish.Media.Flv;
using Sailfish.Media.Rtmp;
using Sailfish.Tests.Media.Flv;

namespace Sailfish.Tests.Media.Rtmp;

/// <summary>
/// All that ffmpeg 5.1 sent to a server in three seconds, and the same tags as it wrote them to a file beside: H.264 with frames
/// out of order, AAC, and times that come to need four bytes on the way.
/// </summary>
public sealed class RecordedSessionTests
{
    private static readonly byte[] Sent = Recorded("ffmpeg.rtmp");
    private static readonly List<FlvTag> Written = Read(Recorded("ffmpeg.flv"));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1460)]
    [InlineData(int.MaxValue)]
    public void Tags_of_the_session_are_those_of_the_file(int pieceLength)
    {
        var peer = new PublisherPeer();
        foreach (var piece in Sent.Chunk(pieceLength))
            peer.Send(piece);
        Assert.Equal(Written.Select(FlvBytes.Describe), peer.Tags);
        Assert.Equal(("live", "100001-key"), (peer.Asked.Single().App, peer.Asked.Single().StreamName));
        Assert.Equal((1, RtmpPhase.Ended), (peer.Stops, peer.Session.Phase));
    }

    [Fact]
    public void Tags_are_told_apart()
    {
        Assert.True(StreamMetadata.TryRead(Written[0].Body.Span, out var metadata));
        Assert.Equal(new StreamMetadata(160, 90, 15, true, true), metadata);
        var infos = Written.Select(tag => TagInfo.Of(tag)).ToList();
        Assert.Equal([MediaCodec.H264, MediaCodec.Aac], infos.Skip(1).Select(info => info.Codec).Distinct().Order());
        Assert.Equal(2, infos.Count(info => info.IsHeader));
        Assert.Equal(3, infos.Count(info => info.IsKey));
        Assert.Equal(45, infos.Count(info => info is { Kind: TagKind.Video, IsFrame: true }));
        var header = Written[infos.FindIndex(info => info is { Kind: TagKind.Video, IsHeader: true })];
        Assert.True(VideoSize.TryRead(TagInfo.Of(header), header.Body.Span, out var size));
        Assert.Equal(new VideoSize(160, 90), size);
    }

    [Fact]
    public void Times_come_to_need_four_bytes()
    {
        Assert.Contains(Written, tag => tag.Timestamp is > 0 and < 0xFF_FFFF);
        Assert.Contains(Written, tag => tag.Timestamp >= 0xFF_FFFF && tag.Body.Length > 2 * RtmpChunkReader.DefaultChunkSize);
    }

    private static byte[] Recorded(string name) => File.ReadAllBytes(SourceTree.PathOf($"tests/Sailfish.Tests/Media/Rtmp/{name}"));

    private static List<FlvTag> Read(byte[] file)
    {
        var reader = new FlvReader(1_000_000);
        var input = new ReadOnlySequence<byte>(file);
        List<FlvTag> tags = [];
        while (reader.TryRead(ref input, out var tag))
            tags.Add(tag);
        return tags;
    }
}
