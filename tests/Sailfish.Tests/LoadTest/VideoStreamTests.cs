using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Sailfish.LoadTest.Video;
using Sailfish.Media.Flv;

namespace Sailfish.Tests.LoadTest;

/// <summary>The load test's stream, and how its viewers count it: what they do not notice, no run fails by.</summary>
public sealed class VideoStreamTests
{
    private const int Kbps = 1000;

    public static TheoryData<int> Pieces => [1, 7, 1000, 100_000];

    [Fact]
    public void A_stream_has_its_bitrate_and_a_keyframe_each_two_seconds()
    {
        var tags = Tags(seconds: 20);
        Assert.InRange(tags.Sum(tag => FlvWriter.TagSize(tag.Body.Length)) * 8 / 20, Kbps * 1000 * 0.98, Kbps * 1000 * 1.02);
        Assert.Equal(tags.Select(tag => tag.Timestamp).Order(), tags.Select(tag => tag.Timestamp));
        var pictures = tags.Where(tag => tag.Kind == TagKind.Video).ToList();
        Assert.Equal(25 * 20, pictures.Count);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (uint)i * 2000), pictures.Where(tag => TagInfo.Of(tag).IsKey).Select(tag => tag.Timestamp));
        Assert.All(tags, tag => Assert.True(TagInfo.Of(tag).IsFrame));
        Assert.All(SyntheticStream.Of(Kbps).Headers, tag => Assert.True(TagInfo.Of(tag).IsHeader));
    }

    [Fact]
    public void Its_header_says_the_size_of_the_picture()
    {
        var header = SyntheticStream.Of(Kbps).Headers[0];
        Assert.True(VideoSize.TryRead(TagInfo.Of(header), header.Body.Span, out var size));
        Assert.Equal(new VideoSize(640, 360), size);
    }

    [Fact]
    public void Even_frames_are_5_000_bytes_each_40_ms()
    {
        var stream = SyntheticStream.Even(Kbps);
        Assert.Equal([(0u, 5000), (40u, 5000), (80u, 5000)], Enumerable.Range(0, 3).Select(_ => stream.Next()).Select(tag => (tag.Timestamp, FlvWriter.TagSize(tag.Body.Length))));
    }

    [Theory]
    [MemberData(nameof(Pieces))]
    public void All_frames_are_counted_wherever_they_are_cut(int piece)
    {
        var tags = Tags(seconds: 3);
        var counter = Count(Flv(tags), piece);
        Assert.Null(counter.Fault);
        Assert.Equal((tags.Count, tags.Sum(tag => FlvWriter.TagSize(tag.Body.Length)), (uint)tags.Count, 0), (counter.Frames, counter.Bytes, counter.Last, counter.Skips));
    }

    [Fact]
    public void Frames_that_are_left_out_up_to_a_keyframe_are_a_skip()
    {
        var tags = Tags(seconds: 5);
        var key = tags.FindLastIndex(tag => tag.Kind == TagKind.Video && TagInfo.Of(tag).IsKey);
        var counter = Count(Flv([.. tags[..50], .. tags[key..]]), 1000);
        Assert.Null(counter.Fault);
        Assert.Equal((1, 50 + tags.Count - key), (counter.Skips, counter.Frames));
    }

    [Fact]
    public void Frames_that_go_on_from_nowhere_are_a_fault()
    {
        var tags = Tags(seconds: 3);
        Assert.NotNull(Count(Flv([.. tags[..50], .. tags[60..]]), 1000).Fault);
    }

    [Fact]
    public void Frames_that_come_twice_are_a_fault()
    {
        var tags = Tags(seconds: 3);
        Assert.NotNull(Count(Flv([.. tags[..50], .. tags[40..]]), 1000).Fault);
    }

    [Fact]
    public void A_tag_that_misses_a_byte_is_a_fault()
    {
        var flv = Flv(Tags(seconds: 3));
        Assert.NotNull(Count([.. flv[..5000], .. flv[5001..]], 1000).Fault);
    }

    [Theory]
    [MemberData(nameof(Pieces))]
    public void The_same_comes_by_WebSockets_by_chunks_and_bare(int piece)
    {
        var tags = Tags(seconds: 3);
        var flv = Flv(tags);
        byte[] messages = [.. "HTTP/1.1 101 Switching Protocols\r\n\r\n"u8, .. flv.Chunk(70_000).SelectMany(Message)];
        byte[] chunks = [.. "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8, .. flv.Chunk(3000).SelectMany(ChunkOf)];
        byte[] bare = [.. "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8, .. flv];
        foreach (var answer in new[] { messages, chunks, bare })
        {
            var counter = new FlvCounter();
            Read(new AnswerBody(counter), answer, piece);
            Assert.Null(counter.Fault);
            Assert.Equal((uint)tags.Count, counter.Last);
        }
    }

    [Fact]
    public void A_close_is_told_by_its_code()
    {
        var body = new AnswerBody(new FlvCounter());
        Read(body, [.. "HTTP/1.1 101 Switching Protocols\r\n\r\n"u8, 0x88, 2, 0x0F, 0xA0], 1000);
        Assert.Equal(4000, body.CloseCode);
    }

    private static List<FlvTag> Tags(int seconds)
    {
        var stream = SyntheticStream.Of(Kbps);
        List<FlvTag> tags = [];
        while (stream.NextDue < seconds * 1000)
            tags.Add(stream.Next());
        return tags;
    }

    private static byte[] Flv(IEnumerable<FlvTag> tags) =>
        [.. FlvWriter.Header(hasAudio: true, hasVideo: true), .. SyntheticStream.Of(Kbps).Headers.Concat(tags).SelectMany(Bytes)];

    private static byte[] Bytes(FlvTag tag)
    {
        var bytes = new byte[FlvWriter.TagSize(tag.Body.Length)];
        FlvWriter.WriteTag(bytes, tag.Kind, tag.Timestamp, tag.Body.Span);
        return bytes;
    }

    private static FlvCounter Count(byte[] flv, int piece)
    {
        var counter = new FlvCounter();
        foreach (var part in flv.Chunk(piece))
            counter.Take(part);
        return counter;
    }

    /// <summary>As a viewer's socket has it: what is not taken comes again before the next piece.</summary>
    private static void Read(AnswerBody body, byte[] answer, int piece)
    {
        byte[] left = [];
        var isOpened = false;
        foreach (var part in answer.Chunk(piece))
        {
            byte[] input = [.. left, .. part];
            var opening = isOpened ? 0 : body.ReadOpening(input);
            isOpened |= opening > 0;
            var taken = 0;
            if (isOpened)
                body.Take(input.AsSpan(opening), out taken);
            left = input[(opening + taken)..];
        }
    }

    private static byte[] Message(byte[] payload)
    {
        if (payload.Length < 126)
            return [0x82, (byte)payload.Length, .. payload];
        var head = new byte[10];
        (head[0], head[1]) = (0x82, 127);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2), payload.Length);
        return [.. head, .. payload];
    }

    private static byte[] ChunkOf(byte[] payload) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{payload.Length:x}\r\n")), .. payload, .. "\r\n"u8];
}
