using System.Buffers;
using FsCheck.Fluent;
using Sailfish.Media;
using Sailfish.Media.Rtmp;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Media.Rtmp;

public sealed class RtmpChunkReaderTests
{
    private const RtmpMessageType Audio = RtmpMessageType.Audio;
    private const RtmpMessageType Video = RtmpMessageType.Video;

    /// <summary>A message to be sent; its format may leave out what is as it was.</summary>
    private sealed record Sent(int Stream, int Format, uint Time, int Length, RtmpMessageType Type);

    [Fact]
    public void Times_lengths_and_types_that_are_left_out_are_those_before()
    {
        byte[] bytes =
        [
            .. ChunkBytes.Header0(4, 1_000, 2, Audio, 7), 1, 2,
            .. ChunkBytes.Header1(4, 20, 3, Video), 3, 4, 5,
            .. ChunkBytes.Header2(4, 21), 6, 7, 8,
            .. ChunkBytes.Basic(3, 4), 9, 10, 11,
            .. ChunkBytes.Header0(4, 5, 1, Audio, 8), 12,
        ];
        string[] expected = ["Audio 1000 7 0102", "Video 1020 7 030405", "Video 1041 7 060708", "Video 1062 7 090A0B", "Audio 5 8 0C"];
        InEveryCut(bytes, expected);
    }

    /// <summary>Section 5.3.1.2.4; ffmpeg counts on it.</summary>
    [Fact]
    public void Message_of_format_3_after_one_of_format_0_adds_its_time_once_more() =>
        InEveryCut([.. ChunkBytes.Header0(4, 23, 1, Audio), 1, .. ChunkBytes.Basic(3, 4), 2], ["Audio 23 1 01", "Audio 46 1 02"]);

    [Fact]
    public void Chunk_stream_may_begin_with_format_1() =>
        InEveryCut([.. ChunkBytes.Header1(4, 23, 1, Audio), 1], ["Audio 23 0 01"]);

    [Theory]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(319)]
    [InlineData(320)]
    [InlineData(65_599)]
    public void Ids_of_chunk_streams_have_one_to_three_bytes(int chunkStream)
    {
        var body = Body(300);
        InEveryCut(ChunkBytes.Message(chunkStream, 5, Video, body), [$"Video 5 1 {Convert.ToHexString(body)}"]);
    }

    [Theory]
    [InlineData(0xFF_FFFEu, true)]
    [InlineData(0xFF_FFFFu, true)]
    [InlineData(0x100_0000u, true)]
    [InlineData(uint.MaxValue, true)]
    [InlineData(0xFF_FFFFu, false)]
    [InlineData(0x100_0000u, false)]
    [InlineData(uint.MaxValue, false)]
    public void Extended_times_are_read_whether_they_are_repeated_or_not(uint time, bool repeats)
    {
        var body = Body(400);
        byte[] bytes = [.. ChunkBytes.Message(6, time, Video, body, repeats: repeats), .. ChunkBytes.Header1(6, 10, 1, Audio), 9];
        InEveryCut(bytes, [$"Video {time} 1 {Convert.ToHexString(body)}", $"Audio {unchecked(time + 10)} 1 09"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Extended_time_that_the_body_begins_like_is_told_from_it_by_its_last_byte(bool repeats)
    {
        const uint time = 0x0102_0304;
        var body = Body(300);
        // The second chunk's bytes are the time's, but for one.
        byte[] almost = [1, 2, 3, 5];
        almost.CopyTo(body, 128);
        InEveryCut(ChunkBytes.Message(6, time, Video, body, repeats: repeats), [$"Video {time} 1 {Convert.ToHexString(body)}"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Extended_difference_is_that_of_the_messages_of_format_3_behind_it(bool repeats)
    {
        const uint delta = 0x0200_0000;
        byte[] repeated = repeats ? ChunkBytes.Extended(delta) : [];
        byte[] bytes =
        [
            .. ChunkBytes.Header0(6, 0, 1, Audio), 1,
            .. ChunkBytes.Header2(6, delta), 2,
            .. ChunkBytes.Basic(3, 6), .. repeated, 3,
            .. ChunkBytes.Header2(6, 10), 4,
            .. ChunkBytes.Basic(3, 6), 5,
        ];
        InEveryCut(bytes, ["Audio 0 1 01", $"Audio {delta} 1 02", $"Audio {2 * delta} 1 03", $"Audio {(2 * delta) + 10} 1 04", $"Audio {(2 * delta) + 20} 1 05"]);
    }

    [Fact]
    public void Chunks_of_several_streams_come_in_any_order()
    {
        var (video, audio) = (Body(300), Body(200));
        byte[] bytes =
        [
            .. ChunkBytes.Header0(6, 40, 300, Video), .. video[..128],
            .. ChunkBytes.Header0(4, 41, 200, Audio), .. audio[..128],
            .. ChunkBytes.Basic(3, 6), .. video[128..256],
            .. ChunkBytes.Control(RtmpMessageType.WindowAcknowledgementSize, 5),
            .. ChunkBytes.Basic(3, 4), .. audio[128..],
            .. ChunkBytes.Basic(3, 6), .. video[256..],
        ];
        InEveryCut(bytes, ["WindowAcknowledgementSize 0 0 00000005", $"Audio 41 1 {Convert.ToHexString(audio)}", $"Video 40 1 {Convert.ToHexString(video)}"]);
    }

    [Fact]
    public void Chunk_size_holds_from_the_next_chunk_on()
    {
        var body = Body(600);
        byte[] bytes =
        [
            .. ChunkBytes.Header0(6, 0, 600, Video), .. body[..128],
            .. ChunkBytes.Control(RtmpMessageType.SetChunkSize, 200),
            .. ChunkBytes.Basic(3, 6), .. body[128..328],
            .. ChunkBytes.Control(RtmpMessageType.SetChunkSize, 1),
            .. ChunkBytes.Basic(3, 6), body[328],
            .. ChunkBytes.Control(RtmpMessageType.SetChunkSize, 65_536, 1),
            .. ChunkBytes.Basic(3, 6), .. body[329..],
        ];
        InEveryCut(bytes, [$"Video 0 1 {Convert.ToHexString(body)}"]);
    }

    [Fact]
    public void Aborted_message_is_forgotten()
    {
        var body = Body(200);
        byte[] bytes =
        [
            .. ChunkBytes.Header0(6, 40, 200, Video), .. body[..128],
            .. ChunkBytes.Control(RtmpMessageType.Abort, 6),
            .. ChunkBytes.Header0(6, 80, 2, Audio), 1, 2,
            .. ChunkBytes.Control(RtmpMessageType.Abort, 6),
            .. ChunkBytes.Control(RtmpMessageType.Abort, 99),
            .. ChunkBytes.Control(RtmpMessageType.Abort, uint.MaxValue),
            .. ChunkBytes.Basic(3, 6), 3, 4,
        ];
        InEveryCut(bytes, ["Audio 80 1 0102", "Audio 160 1 0304"]);
    }

    [Fact]
    public void Message_of_nothing_is_a_message() =>
        InEveryCut([.. ChunkBytes.Header0(6, 40, 0, Video), .. ChunkBytes.Header2(6, 1)], ["Video 40 1 ", "Video 41 1 "]);

    [Fact]
    public void Messages_of_any_formats_read_back_however_they_are_cut()
    {
        var message = from stream in Gen.Elements(3, 4, 70, 400)
                      from format in Gen.Choose(0, 3)
                      from time in Gen.Frequency((4, Gen.Choose(0, 100)), (1, Gen.Choose(0xFF_FFF0, 0x100_0010)))
                      from length in Gen.OneOf(Gen.Choose(0, 10), Gen.Choose(0, 700))
                      from type in Gen.Elements(Audio, Video, RtmpMessageType.CommandAmf0)
                      select new Sent(stream, format, (uint)time, length, type);
        var cases = from messages in Gen.NonEmptyListOf(message)
                    from chunkSize in Gen.OneOf(Gen.Choose(1, 10), Gen.Choose(1, 1000))
                    from repeats in Gen.Elements(true, false)
                    from lengths in Gen.NonEmptyListOf(Gen.Choose(0, 300))
                    select (Messages: messages.ToArray(), ChunkSize: chunkSize, Repeats: repeats, Lengths: lengths.ToArray());
        Properties.Hold(cases.ToArbitrary(), given =>
        {
            var (bytes, expected) = Send(given.Messages, given.ChunkSize, given.Repeats);
            Assert.Equal(expected, Read(Pieces.Of(bytes, given.Lengths)));
        }, count: 300);
    }

    [Fact]
    public void Header_within_a_message_is_refused()
    {
        byte[] begun = [.. ChunkBytes.Header0(6, 0, 200, Video), .. new byte[128]];
        Refused([.. begun, .. ChunkBytes.Header0(6, 0, 200, Video)]);
        Refused([.. begun, .. ChunkBytes.Header1(6, 0, 200, Video)]);
        Refused([.. begun, .. ChunkBytes.Header2(6, 0)]);
    }

    [Fact]
    public void Chunk_stream_that_begins_without_length_and_type_is_refused()
    {
        Refused(ChunkBytes.Basic(3, 6));
        Refused(ChunkBytes.Header2(6, 0));
        // Nor has the header been read of which there was only a part.
        var reader = Reader(RtmpLimits.Default);
        var part = new ReadOnlySequence<byte>(ChunkBytes.Header0(6, 0, 1, Video)[..5]);
        Assert.False(reader.TryRead(ref part, out _));
        Assert.Equal(5, part.Length);
        Assert.Throws<MediaFormatException>(() =>
        {
            var other = new ReadOnlySequence<byte>(ChunkBytes.Basic(3, 6));
            reader.TryRead(ref other, out _);
        });
    }

    [Fact]
    public void Chunk_streams_are_counted()
    {
        byte[] most = [.. Enumerable.Range(3, 16).SelectMany(stream => ChunkBytes.Message(stream, 0, Audio, [1]))];
        Assert.Equal(16, Read(most).Count);
        Refused([.. most, .. ChunkBytes.Message(60, 0, Audio, [1])]);
    }

    [Theory]
    [InlineData(0u, true)]
    [InlineData(1u, false)]
    [InlineData(0x10_0000u, false)]
    [InlineData(0x10_0001u, true)]
    [InlineData(0x8000_0000u, true)]
    [InlineData(uint.MaxValue, true)]
    public void Chunk_sizes_are_from_1_to_the_limit(uint size, bool isRefused) =>
        Assert.Equal(isRefused, Refusal.Of(() => Read(ChunkBytes.Control(RtmpMessageType.SetChunkSize, size))));

    [Fact]
    public void Control_message_that_is_too_short_is_refused()
    {
        Refused(ChunkBytes.Message(2, 0, RtmpMessageType.SetChunkSize, [0, 0, 1]));
        Refused(ChunkBytes.Message(2, 0, RtmpMessageType.Abort, []));
    }

    [Theory]
    [InlineData((byte)RtmpMessageType.Audio, 4_194_304)]
    [InlineData((byte)RtmpMessageType.Video, 4_194_304)]
    [InlineData((byte)RtmpMessageType.CommandAmf0, 65_536)]
    [InlineData((byte)RtmpMessageType.DataAmf0, 65_536)]
    [InlineData((byte)RtmpMessageType.SetChunkSize, 65_536)]
    [InlineData(99, 65_536)]
    public void Message_over_the_limit_is_refused_at_its_header(byte type, int max)
    {
        Assert.Empty(Read(ChunkBytes.Header0(6, 0, max, (RtmpMessageType)type)));
        Refused(ChunkBytes.Header0(6, 0, max + 1, (RtmpMessageType)type));
    }

    [Theory]
    [InlineData((byte)RtmpMessageType.Audio)]
    [InlineData((byte)RtmpMessageType.Video)]
    [InlineData((byte)RtmpMessageType.DataAmf0)]
    [InlineData((byte)RtmpMessageType.DataAmf3)]
    [InlineData((byte)RtmpMessageType.Aggregate)]
    public void Media_before_they_may_be_published_are_refused_at_their_header(byte type)
    {
        var reader = new RtmpChunkReader(RtmpLimits.Default);
        var input = new ReadOnlySequence<byte>(ChunkBytes.Header0(6, 0, 10, (RtmpMessageType)type));
        Assert.Throws<MediaFormatException>(() => reader.TryRead(ref input, out _));
    }

    [Fact]
    public void Long_message_in_small_chunks_is_refused()
    {
        var small = ChunkBytes.Control(RtmpMessageType.SetChunkSize, 127);
        Assert.Empty(Read([.. small, .. ChunkBytes.Header0(6, 0, 65_536, Video)]));
        Refused([.. small, .. ChunkBytes.Header0(6, 0, 65_537, Video)]);
        // Nor by a chunk size that becomes small within it.
        byte[] begun = [.. ChunkBytes.Header0(6, 0, 65_537, Video), .. new byte[128], .. ChunkBytes.Control(RtmpMessageType.SetChunkSize, 1)];
        Assert.Empty(Read(begun));
        Refused([.. begun, .. ChunkBytes.Basic(3, 6)]);
    }

    [Fact]
    public void Declared_lengths_hold_nearly_nothing()
    {
        byte[] bytes = [.. Enumerable.Range(3, 16).SelectMany(stream => (byte[])[.. ChunkBytes.Header0(stream, 0, 4_194_304, Video), .. new byte[128]])];
        var reader = Reader(RtmpLimits.Default);
        var input = new ReadOnlySequence<byte>(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(reader.TryRead(ref input, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000);
        Assert.Equal(16 * 1024, reader.HeldBytes);
    }

    [Fact]
    public void Messages_under_way_hold_no_more_than_the_limit()
    {
        var limits = new RtmpLimits { MaxUnfinishedBytes = 10_000, MaxMediaBytes = 9_000 };
        byte[] first = [.. ChunkBytes.Header0(4, 0, 6_000, Video), .. ChunkBytes.Cut(4, 0, new byte[5_900])];
        byte[] second = [.. ChunkBytes.Header0(5, 0, 6_000, Video), .. ChunkBytes.Cut(5, 0, new byte[5_900])];
        Assert.Empty(Read(limits, [first]));
        Refused(limits, [.. first, .. second]);
    }

    [Fact]
    public void Memory_that_waits_for_the_next_message_makes_room_for_others()
    {
        var limits = new RtmpLimits { MaxUnfinishedBytes = 10_000, MaxMediaBytes = 9_000 };
        byte[] bytes = [.. Enumerable.Range(3, 10).SelectMany(stream => ChunkBytes.Message(stream, 0, Video, Body(8_000)))];
        Assert.Equal(10, Read(limits, [bytes]).Count);
    }

    [Fact]
    public void Body_stays_as_it_is_when_the_next_one_comes()
    {
        var reader = Reader(RtmpLimits.Default);
        var input = new ReadOnlySequence<byte>([.. ChunkBytes.Message(6, 0, Video, Body(500)), .. ChunkBytes.Message(6, 0, Video, new byte[500])]);
        Assert.True(reader.TryRead(ref input, out var first));
        Assert.True(reader.TryRead(ref input, out _));
        Assert.Equal(Body(500), first.Body);
    }

    private static byte[] Body(int length) => [.. Enumerable.Range(0, length).Select(at => (byte)(at * 3 + 1))];

    /// <summary>The bytes of messages one after another, and what is to be read of them.</summary>
    private static (byte[] Bytes, List<string> Expected) Send(Sent[] messages, int chunkSize, bool repeats)
    {
        List<byte> bytes = [.. ChunkBytes.Control(RtmpMessageType.SetChunkSize, (uint)chunkSize)];
        List<string> expected = [];
        Dictionary<int, (uint Time, uint Field, int Length, RtmpMessageType Type)> streams = [];
        foreach (var message in messages)
        {
            var last = streams.GetValueOrDefault(message.Stream);
            // The first has a whole header.
            var format = streams.ContainsKey(message.Stream) ? message.Format : 0;
            var field = format == 3 ? last.Field : message.Time;
            var time = format == 0 ? field : unchecked(last.Time + field);
            var (length, type) = format <= 1 ? (message.Length, message.Type) : (last.Length, last.Type);
            bytes.AddRange(format switch
            {
                0 => ChunkBytes.Header0(message.Stream, field, length, type),
                1 => ChunkBytes.Header1(message.Stream, field, length, type),
                2 => ChunkBytes.Header2(message.Stream, field),
                _ => [.. ChunkBytes.Basic(3, message.Stream), .. repeats ? ChunkBytes.Extended(field) : []],
            });
            bytes.AddRange(ChunkBytes.Cut(message.Stream, field, Body(length), chunkSize, repeats));
            expected.Add($"{type} {time} 1 {Convert.ToHexString(Body(length))}");
            streams[message.Stream] = (time, field, length, type);
        }

        // A body that begins as a time that was not repeated is told from it by what comes behind it.
        bytes.AddRange(ChunkBytes.Control(RtmpMessageType.WindowAcknowledgementSize, 5, chunkSize));
        expected.Add("WindowAcknowledgementSize 0 0 00000005");
        return ([.. bytes], expected);
    }

    private static void InEveryCut(byte[] bytes, string[] expected)
    {
        for (var cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(expected, Read(bytes[..cut], bytes[cut..]));
        Assert.Equal(expected, Read([.. bytes.Select(value => new[] { value })]));
    }

    private static void Refused(byte[] bytes) => Refused(RtmpLimits.Default, bytes);

    private static void Refused(RtmpLimits limits, byte[] bytes) => Assert.Throws<MediaFormatException>(() => Read(limits, [bytes]));

    private static List<string> Read(params byte[][] pieces) => Read(RtmpLimits.Default, pieces);

    /// <summary>Reads what comes piece by piece; what is not consumed comes again before the next one.</summary>
    private static List<string> Read(RtmpLimits limits, byte[][] pieces)
    {
        var reader = Reader(limits);
        List<string> messages = [];
        byte[] rest = [];
        foreach (var piece in pieces)
        {
            var input = new ReadOnlySequence<byte>([.. rest, .. piece]);
            while (reader.TryRead(ref input, out var message))
                messages.Add($"{message.Type} {message.Timestamp} {message.StreamId} {Convert.ToHexString(message.Body)}");
            rest = input.ToArray();
            Assert.InRange(rest.Length, 0, RtmpChunkReader.MaxHeaderSize - 1);
            Assert.InRange(reader.HeldBytes, 0, limits.MaxUnfinishedBytes);
        }

        return messages;
    }

    private static RtmpChunkReader Reader(RtmpLimits limits) => new(limits) { TakesMedia = true };
}
