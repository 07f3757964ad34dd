using System.Buffers;
using System.Text;
using Sailfish.Media.Amf;
using Sailfish.Media.Flv;

namespace Sailfish.Tests.Media.Flv;

public sealed class StreamMetadataTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sizes_rate_and_codecs_are_read_from_arrays_and_objects(bool isArray)
    {
        var body = Body(isArray, ("duration", 0.0), ("width", 1280.0), ("height", 720.0), ("videodatarate", 2500.0), ("framerate", 30.0), ("videocodecid", 7.0), ("encoder", "Lavf"), ("stereo", true), ("audiocodecid", 10.0));
        Assert.Equal(new StreamMetadata(1280, 720, 30, true, true), Read(body));
    }

    [Fact]
    public void What_is_not_said_is_not_there()
    {
        Assert.Equal(new StreamMetadata(null, null, null, false, true), Read(Body(true, ("audiocodecid", 10.0))));
        Assert.Equal(default(StreamMetadata), Read(Body(true)));
    }

    [Fact]
    public void Codecs_may_be_named_by_words_and_by_four_letters_as_a_number()
    {
        Assert.Equal(new StreamMetadata(null, null, null, true, true), Read(Body(true, ("videocodecid", "avc1"), ("audiocodecid", "mp4a"))));
        Assert.Equal(new StreamMetadata(null, null, null, true, true), Read(Body(true, ("videocodecid", 1635135537.0), ("audiocodecid", 1332770163.0))));
        Assert.Equal(default(StreamMetadata), Read(Body(true, ("videocodecid", 0.0), ("audiocodecid", ""))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(16_385)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Nonsense_is_not_said(double number) =>
        Assert.Equal(default(StreamMetadata), Read(Body(true, ("width", number), ("height", number), ("framerate", number), ("width", "1280"), ("framerate", true))));

    [Fact]
    public void Fractions_are_cut_from_sizes_alone() =>
        Assert.Equal(new StreamMetadata(1280, 720, 29.97, false, false), Read(Body(true, ("width", 1280.9), ("height", 720.0), ("framerate", 29.97))));

    [Fact]
    public void Other_scripts_and_broken_ones_are_not_read()
    {
        Assert.Null(Read([]));
        Assert.Null(Read("\u0002\0\u000AonCuePoint"u8.ToArray()));
        Assert.Null(Read("\u0002\0\u000AonMetaData"u8.ToArray()));
        var whole = Body(true, ("width", 1280.0), ("height", 720.0));
        for (var end = 0; end < whole.Length; end++)
            Assert.Null(Read(whole[..end]));
        // Behind it may stand what there is no place for.
        Assert.NotNull(Read([.. whole, 0xFF]));
    }

    private static StreamMetadata? Read(byte[] body) => StreamMetadata.TryRead(body, out var metadata) ? metadata : null;

    private static byte[] Body(bool isArray, params (string Name, object Value)[] properties)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new Amf0Writer(output);
        writer.WriteString("onMetaData"u8);
        if (isArray)
            writer.WriteEcmaArrayStart(properties.Length);
        else
            writer.WriteObjectStart();
        foreach (var (name, value) in properties)
        {
            writer.WriteName(Encoding.ASCII.GetBytes(name));
            if (value is double number)
                writer.WriteNumber(number);
            else if (value is string text)
                writer.WriteString(text);
            else
                writer.WriteBoolean((bool)value);
        }

        writer.WriteObjectEnd();
        return output.WrittenSpan.ToArray();
    }
}
