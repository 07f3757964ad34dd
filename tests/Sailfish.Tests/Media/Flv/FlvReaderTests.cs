using System.Buffers;
using FsCheck.Fluent;
using Sailfish.Media;
using Sailfish.Media.Flv;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Media.Flv;

public sealed class FlvReaderTests
{
    private const int MaxTag = 100_000;

    private static readonly FlvTag[] Samples =
    [
        new(TagKind.Script, 0, new byte[] { 2, 0, 1, 0x61 }),
        new(TagKind.Video, 0, new byte[] { 0x17, 0, 0, 0, 0, 1 }),
        new(TagKind.Audio, 23, new byte[] { 0xAF }),
        new(TagKind.Video, 0xFF_FFFF, new byte[300]),
        new(TagKind.Audio, 0x100_0000, new byte[] { 0xAF, 1, 2 }),
        new(TagKind.Video, uint.MaxValue, new byte[] { 0x27, 1, 0, 0, 0, 9 }),
    ];

    [Fact]
    public void Stream_cut_at_every_byte_gives_the_same_tags()
    {
        var bytes = FlvBytes.Of(Samples);
        for (var cut = 0; cut <= bytes.Length; cut++)
            Same(Samples, Read(bytes[..cut], bytes[cut..]));
    }

    [Fact]
    public void Stream_that_comes_byte_by_byte_gives_the_same_tags()
    {
        var bytes = FlvBytes.Of(Samples);
        Same(Samples, Read([.. bytes.Select(value => new[] { value })]));
    }

    [Fact]
    public void Stream_in_one_piece_of_many_segments_gives_the_same_tags()
    {
        var input = Sequences.ByteByByte(FlvBytes.Of(Samples));
        Same(Samples, All(new FlvReader(MaxTag), ref input));
        Assert.Equal(sizeof(uint), input.Length);
    }

    [Fact]
    public void Tag_is_there_with_the_last_byte_of_its_body()
    {
        var bytes = FlvBytes.Of(Samples[..1]);
        var input = new ReadOnlySequence<byte>(bytes.AsMemory(0, bytes.Length - sizeof(uint)));
        Assert.Single(All(new FlvReader(MaxTag), ref input));
        Assert.Equal(0, input.Length);
    }

    [Fact]
    public void All_but_an_unfinished_head_is_consumed()
    {
        var bytes = FlvBytes.Of(Samples);
        var reader = new FlvReader(MaxTag);
        byte[] rest = [];
        foreach (var value in bytes)
        {
            var input = new ReadOnlySequence<byte>([.. rest, value]);
            All(reader, ref input);
            rest = input.ToArray();
            Assert.InRange(rest.Length, 0, 14);
        }
    }

    [Fact]
    public void Sizes_of_previous_tags_and_flags_say_nothing()
    {
        var bytes = FlvBytes.Of(Samples);
        bytes[4] = 0xFF;
        for (var (at, tag) = (9, 0); at < bytes.Length; at += sizeof(uint) + 11 + (tag < Samples.Length ? Samples[tag].Body.Length : 0), tag++)
            bytes.AsSpan(at, sizeof(uint)).Fill(0xEE);
        Same(Samples, Read(bytes));
    }

    [Fact]
    public void Longer_header_is_passed_over()
    {
        var bytes = FlvBytes.Of(Samples);
        byte[] longer = [.. bytes[..8], 12, 1, 2, 3, .. bytes[9..]];
        for (var cut = 0; cut <= longer.Length; cut++)
            Same(Samples, Read(longer[..cut], longer[cut..]));
    }

    [Fact]
    public void Tag_without_a_body_is_passed_over()
    {
        FlvTag empty = new(TagKind.Audio, 40, default);
        Same([Samples[0], Samples[1]], Read(FlvBytes.Of([empty, Samples[0], empty, empty, Samples[1], empty])));
    }

    [Theory]
    [InlineData("464C5601050000000800000000")] // header of 8 bytes
    [InlineData("464C5601050000040100000000")] // header of 1,025
    [InlineData("464C56010500FFFFFF00000000")]
    [InlineData("464C5602050000000900000000")] // version 2
    [InlineData("474C5601050000000900000000")]
    [InlineData("504F5354202F20485454502F31")] // POST / HTTP/1
    public void Stream_that_is_no_FLV_is_refused(string hex) => Assert.Throws<MediaFormatException>(() => Read(Convert.FromHexString(hex)));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(0x28)] // audio, encrypted
    [InlineData(0x48)]
    [InlineData(0xFF)]
    public void Tag_of_no_known_kind_is_refused(byte kind)
    {
        var bytes = FlvBytes.Of(Samples);
        bytes[FlvWriter.HeaderSize] = kind;
        Assert.Throws<MediaFormatException>(() => Read(bytes));
    }

    [Fact]
    public void Tag_over_the_limit_is_refused_at_its_head()
    {
        byte[] head = [.. FlvWriter.Header(true, true), 9, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        Assert.Empty(Read(0x1_0001, head));
        Assert.Throws<MediaFormatException>(() => Read(0x1_0000, head));
    }

    [Fact]
    public void Declared_length_holds_nothing()
    {
        byte[] head = [.. FlvWriter.Header(true, true), 9, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0];
        var reader = new FlvReader(0xFF_FFFF);
        var input = new ReadOnlySequence<byte>(head);
        Assert.False(reader.TryRead(ref input, out _));
        Assert.Equal(0, reader.HeldBytes);
        input = new ReadOnlySequence<byte>(new byte[1000]);
        Assert.False(reader.TryRead(ref input, out _));
        Assert.InRange(reader.HeldBytes, 1000, 2048);
    }

    [Fact]
    public void Body_stays_as_it_is_when_the_input_changes()
    {
        var bytes = FlvBytes.Of(Samples);
        var input = new ReadOnlySequence<byte>(bytes);
        var tags = All(new FlvReader(MaxTag), ref input);
        bytes.AsSpan().Fill(0xEE);
        Same(Samples, tags);
    }

    [Fact]
    public void Tags_written_read_back_however_they_are_cut()
    {
        var tag = from kind in Gen.Elements(TagKind.Audio, TagKind.Video, TagKind.Script)
                  from high in Gen.Choose(0, ushort.MaxValue)
                  from low in Gen.Choose(0, ushort.MaxValue)
                  from length in Gen.OneOf(Gen.Choose(1, 40), Gen.Choose(1, 3000))
                  select new FlvTag(kind, ((uint)high << 16) | (uint)low, Enumerable.Range(0, length).Select(at => (byte)(at * 7)).ToArray());
        var cases = from tags in Gen.ListOf(tag)
                    from lengths in Gen.NonEmptyListOf(Gen.Choose(0, 2000))
                    select (Tags: tags.ToArray(), Lengths: lengths.ToArray());
        Properties.Hold(cases.ToArbitrary(), given => Same(given.Tags, Read(Pieces.Of(FlvBytes.Of(given.Tags), given.Lengths))));
    }

    [Fact]
    public void Mutated_streams_are_read_or_refused_and_hold_no_more_than_came()
    {
        var mutator = new Mutator(1996, [FlvBytes.Of(Samples), FlvBytes.Of(Samples[..2]), FlvBytes.Of([.. Samples, .. Samples])]);
        for (var round = 0; round < 20_000; round++)
        {
            var input = mutator.Next();
            var reader = new FlvReader(MaxTag);
            byte[] rest = [];
            Refusal.Of(() =>
            {
                foreach (var piece in Pieces.Of(input, mutator.Lengths()))
                {
                    var sequence = new ReadOnlySequence<byte>([.. rest, .. piece]);
                    Assert.All(All(reader, ref sequence), tag => Assert.False(tag.Body.IsEmpty));
                    rest = sequence.ToArray();
                    Assert.InRange(reader.HeldBytes, 0, Math.Max(1024, 2 * input.Length));
                }
            });
        }
    }

    [Fact]
    public void Mutated_streams_come_to_the_same_however_they_are_cut_and_whatever_stands_behind()
    {
        var mutator = new Mutator(2001, [FlvBytes.Of(Samples), FlvBytes.Of([.. Samples, .. Samples])]);
        for (var round = 0; round < 10_000; round++)
        {
            var input = mutator.Next();
            var whole = After(new ReadOnlySequence<byte>(input));
            byte[] around = [0x46, 0x4C, .. input, .. mutator.Tail(input.Length)];
            var inside = around.AsMemory(2, input.Length);
            Assert.Equal(whole, After(new ReadOnlySequence<byte>(inside)));
            Assert.Equal(whole, After(Sequences.InLengths(inside, mutator.Lengths())));
            var (reader, rest) = (new FlvReader(MaxTag), Array.Empty<byte>());
            Assert.Equal(whole, After(tags =>
            {
                foreach (var piece in Pieces.Of(input, mutator.Lengths()))
                {
                    var sequence = new ReadOnlySequence<byte>([.. rest, .. piece]);
                    while (reader.TryRead(ref sequence, out var tag))
                        tags.Add(tag);
                    rest = sequence.ToArray();
                }
            }));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x100_0000)]
    public void Limit_is_within_what_a_tag_can_say(int max) => Assert.Throws<ArgumentOutOfRangeException>(() => new FlvReader(max));

    private static string After(ReadOnlySequence<byte> input)
    {
        var reader = new FlvReader(MaxTag);
        return After(tags =>
        {
            while (reader.TryRead(ref input, out var tag))
                tags.Add(tag);
        });
    }

    /// <summary>The tags up to the end, or to what is refused.</summary>
    private static string After(Action<List<FlvTag>> read)
    {
        List<FlvTag> tags = [];
        var isRefused = Refusal.Of(() => read(tags));
        return $"{isRefused} {string.Join(' ', tags.Select(FlvBytes.Describe))}";
    }

    private static List<FlvTag> Read(params byte[][] pieces) => Read(MaxTag, pieces);

    /// <summary>Reads what comes piece by piece; what is not consumed comes again before the next one.</summary>
    private static List<FlvTag> Read(int maxTag, params byte[][] pieces)
    {
        var reader = new FlvReader(maxTag);
        List<FlvTag> tags = [];
        byte[] rest = [];
        foreach (var piece in pieces)
        {
            var input = new ReadOnlySequence<byte>([.. rest, .. piece]);
            tags.AddRange(All(reader, ref input));
            rest = input.ToArray();
        }

        return tags;
    }

    private static List<FlvTag> All(FlvReader reader, ref ReadOnlySequence<byte> input)
    {
        List<FlvTag> tags = [];
        while (reader.TryRead(ref input, out var tag))
            tags.Add(tag);
        return tags;
    }

    private static void Same(IReadOnlyList<FlvTag> expected, IReadOnlyList<FlvTag> tags) => Assert.Equal(expected.Select(FlvBytes.Describe), tags.Select(FlvBytes.Describe));
}
