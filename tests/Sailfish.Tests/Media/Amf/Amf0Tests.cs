using System.Buffers;
using FsCheck.Fluent;
using Sailfish.Media;
using Sailfish.Media.Amf;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Media.Amf;

public sealed class Amf0Tests
{
    [Fact]
    public void What_is_written_reads_back() =>
        Properties.Hold(AmfNode.Any(4).ToArbitrary(), node =>
        {
            var bytes = Written(node);
            Assert.Equal(node.ToString(), AmfText.Of(bytes));

            var reader = new Amf0Reader(bytes);
            Assert.Equal(node.Kind, reader.Peek());
            reader.Skip();
            Assert.True(reader.IsEnd);
        }, count: 500);

    [Fact]
    public void Bytes_that_end_early_are_refused_wherever_they_end() =>
        Properties.Hold(AmfNode.Any(3).ToArbitrary(), node =>
        {
            var bytes = Written(node);
            // Of long ones not at every byte: each end is two exceptions.
            for (var end = 1; end < bytes.Length; end += 1 + (bytes.Length / 200))
            {
                Assert.Throws<MediaFormatException>(() => AmfText.Of(bytes.AsSpan(0, end)));
                Assert.Throws<MediaFormatException>(() => Skip(bytes.AsSpan(0, end)));
            }
        }, count: 100);

    [Fact]
    public void Mutated_values_are_read_or_refused()
    {
        string[] samples =
        [
            "0200076F6E4D65746144617461080000000200057769647468004084000000000000000566726D740200046176633100000009",
            "020007636F6E6E656374003FF000000000000003000361707002000A6C6976653F6B65793D3100076F626A656374010100000900",
            "0A00000003050A00000002003FF0000000000000010103000161060001620B0000000000000000000000000900",
            "0C0000000461626364080000000000016103000162030001630A00000001050000090000090000090506",
        ];
        var mutator = new Mutator(2006, [.. samples.Select(Convert.FromHexString)]);
        for (var round = 0; round < 40_000; round++)
        {
            var input = mutator.Next();
            byte[] around = [2, 0, .. input, .. mutator.Tail(input.Length)];
            Assert.Equal(After(input), After(around.AsMemory(2, input.Length)));
            // What cannot be read cannot be passed over; only what stands too deep is refused by the latter alone.
            if (Refusal.Of(() => AmfText.Of(input)))
                Assert.True(Refusal.Of(() => Skip(input)), Convert.ToHexString(input));
            else
                Refusal.Of(() => Skip(input));
        }
    }

    [Theory]
    [InlineData("003FF8000000000000", "1.5")]
    [InlineData("0101", "true")]
    [InlineData("0100", "false")]
    [InlineData("0200036C6F67", "\"log\"")]
    [InlineData("0C000000036C6F67", "\"log\"")]
    [InlineData("0300016105000009", "{a:null}")]
    [InlineData("05", "null")]
    [InlineData("06", "undefined")]
    // An ECMA array's count may say anything (section 2.10).
    [InlineData("0800000000000161013F000009", "<a:true>")]
    [InlineData("08FFFFFFFF000161013F000009", "<a:true>")]
    [InlineData("0A000000020506", "[null,undefined]")]
    [InlineData("0B00000000000000000000", "date")]
    // No name is a name where no end follows.
    [InlineData("03000005000009", "{:null}")]
    public void Bytes_of_the_specification_are_read(string hex, string text) => Assert.Equal(text, AmfText.Of(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("04")] // movie clip
    [InlineData("070001")] // reference
    [InlineData("09")] // object end
    [InlineData("0D")] // unsupported
    [InlineData("0E")] // record set
    [InlineData("0F00000000")] // XML
    [InlineData("10000161000009")] // typed object
    [InlineData("1101")] // AMF3
    [InlineData("FF")]
    public void Kinds_that_are_not_taken_are_refused(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Throws<MediaFormatException>(() => Skip(bytes));
        Assert.Throws<MediaFormatException>(() => AmfText.Of(bytes));
    }

    [Fact]
    public void Another_kind_than_is_asked_for_is_refused()
    {
        byte[] text = [2, 0, 0];
        Assert.Throws<MediaFormatException>(() => new Amf0Reader(text).ReadNumber());
        Assert.Throws<MediaFormatException>(() => new Amf0Reader(text).ReadBoolean());
        Assert.Throws<MediaFormatException>(() => new Amf0Reader(text).ReadObjectStart());
        Assert.Throws<MediaFormatException>(() => new Amf0Reader(text).ReadArrayStart());
        Assert.Throws<MediaFormatException>(() => new Amf0Reader([5]).ReadString());
        Assert.Throws<MediaFormatException>(() => new Amf0Reader([]).Peek());
    }

    [Fact]
    public void Array_of_more_values_than_bytes_is_refused_at_its_count()
    {
        byte[] bytes = [0x0A, 0, 0, 0, 4, 5, 5, 5];
        Assert.Throws<MediaFormatException>(() => new Amf0Reader(bytes).ReadArrayStart());
        Assert.Throws<MediaFormatException>(() => Skip([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 5]));
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(9, true)]
    [InlineData(5_000, true)]
    public void Depth_is_bounded(int depth, bool isRefused)
    {
        byte[] arrays = [.. Enumerable.Repeat(new byte[] { 0x0A, 0, 0, 0, 1 }, depth).SelectMany(part => part), 5];
        byte[] objects = [.. Enumerable.Repeat(new byte[] { 3, 0, 1, 0x61 }, depth).SelectMany(part => part), 5, .. Enumerable.Repeat(new byte[] { 0, 0, 9 }, depth).SelectMany(part => part)];
        Assert.Equal(isRefused, Refusal.Of(() => Skip(arrays)));
        Assert.Equal(isRefused, Refusal.Of(() => Skip(objects)));
    }

    [Theory]
    [InlineData(65_535, 2)]
    [InlineData(65_536, 12)]
    public void Text_over_the_short_form_takes_the_long_one(int length, byte marker)
    {
        var output = new ArrayBufferWriter<byte>();
        new Amf0Writer(output).WriteString(new string('x', length));
        Assert.Equal(marker, output.WrittenSpan[0]);
        Assert.Equal(length, new Amf0Reader(output.WrittenSpan).ReadString().Length);
    }

    [Fact]
    public void Text_that_is_no_UTF8_is_read_with_marks_in_its_place() => Assert.Equal("a\uFFFD", new Amf0Reader([2, 0, 2, 0x61, 0xFF]).ReadString());

    [Fact]
    public void Name_over_the_short_form_is_not_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Amf0Writer(new ArrayBufferWriter<byte>()).WriteName(new byte[65_536]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Amf0Writer(new ArrayBufferWriter<byte>()).WriteStrictArrayStart(-1));
    }

    /// <summary>The values; null where they are refused.</summary>
    private static string? After(ReadOnlyMemory<byte> bytes)
    {
        string? read = null;
        Refusal.Of(() => read = AmfText.Of(bytes.Span));
        return read;
    }

    private static void Skip(ReadOnlySpan<byte> bytes)
    {
        var reader = new Amf0Reader(bytes);
        while (!reader.IsEnd)
            reader.Skip();
    }

    private static byte[] Written(AmfNode node)
    {
        var output = new ArrayBufferWriter<byte>();
        node.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }
}
