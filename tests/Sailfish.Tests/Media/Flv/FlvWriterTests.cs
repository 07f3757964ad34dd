using Sailfish.Media.Flv;

namespace Sailfish.Tests.Media.Flv;

public sealed class FlvWriterTests
{
    [Theory]
    [InlineData(true, true, "464C5601050000000900000000")]
    [InlineData(true, false, "464C5601040000000900000000")]
    [InlineData(false, true, "464C5601010000000900000000")]
    [InlineData(false, false, "464C5601000000000900000000")]
    public void Header_says_which_tracks_come(bool hasAudio, bool hasVideo, string hex)
    {
        Assert.Equal(hex, Convert.ToHexString(FlvWriter.Header(hasAudio, hasVideo)));
        Assert.Equal(FlvWriter.HeaderSize, FlvWriter.Header(hasAudio, hasVideo).Length);
    }

    [Theory]
    [InlineData(TagKind.Audio, 0u, "AF01", "0800000200000000000000AF010000000D")]
    [InlineData(TagKind.Video, 0x01020304u, "17", "090000010203040100000017" + "0000000C")]
    [InlineData(TagKind.Script, uint.MaxValue, "", "12000000FFFFFFFF000000" + "0000000B")]
    public void Tag_has_its_size_behind_it_and_its_highest_byte_of_time_last(TagKind kind, uint timestamp, string body, string hex)
    {
        var destination = new byte[40];
        var size = FlvWriter.WriteTag(destination, kind, timestamp, Convert.FromHexString(body));
        Assert.Equal(hex, Convert.ToHexString(destination.AsSpan(0, size)));
        Assert.Equal(FlvWriter.TagSize(body.Length / 2), size);
        Assert.Equal(new byte[40 - size], destination[size..]);
    }

    [Fact]
    public void Tag_that_does_not_fit_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => FlvWriter.WriteTag(new byte[15], TagKind.Audio, 0, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlvWriter.WriteTag(new byte[20_000_000], TagKind.Audio, 0, new byte[0x100_0000]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlvWriter.TagSize(-1));
        Assert.Equal(0xFF_FFFF + 15, FlvWriter.TagSize(0xFF_FFFF));
    }
}
