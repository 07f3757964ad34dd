using Sailfish.Media;
using Sailfish.Media.Flv;

namespace Sailfish.Tests.Media.Flv;

public sealed class EnhancedTagsTests
{
    [Theory]
    [InlineData(0x90, "0164001F", "17" + "00" + "000000" + "0164001F")] // sequence start
    [InlineData(0x91, "0000501122", "17" + "01" + "000050" + "1122")] // key frame with a composition time
    [InlineData(0xA1, "FFFFD81122", "27" + "01" + "FFFFD8" + "1122")]
    [InlineData(0x93, "1122", "17" + "01" + "000000" + "1122")] // key frame without one
    [InlineData(0xA3, "", "27" + "01" + "000000")]
    [InlineData(0x92, "", "17" + "02" + "000000")] // sequence end
    public void Pictures_of_avc1_become_legacy_ones(byte first, string data, string hex) =>
        Assert.Equal(hex, Legacy(TagKind.Video, EnhancedBytes.Of(first, "avc1", Convert.FromHexString(data))));

    [Theory]
    [InlineData(0x90, "1210", "AF" + "00" + "1210")]
    [InlineData(0x91, "2112", "AF" + "01" + "2112")]
    public void Sound_of_mp4a_becomes_legacy_sound(byte first, string data, string hex) =>
        Assert.Equal(hex, Legacy(TagKind.Audio, EnhancedBytes.Of(first, "mp4a", Convert.FromHexString(data))));

    [Fact]
    public void What_has_no_legacy_form_is_to_be_left_out()
    {
        Assert.Equal("", Legacy(TagKind.Video, EnhancedBytes.Of(0x94, "avc1", 2, 0)));
        Assert.Equal("", Legacy(TagKind.Audio, EnhancedBytes.Of(0x92, "mp4a")));
        Assert.Equal("", Legacy(TagKind.Audio, EnhancedBytes.Of(0x94, "mp4a", 0, 2)));
    }

    [Theory]
    [InlineData(TagKind.Video, "1701000000")]
    [InlineData(TagKind.Video, "9168766331000000")] // hvc1
    [InlineData(TagKind.Video, "9161763031")] // av01
    [InlineData(TagKind.Video, "9176703039")] // vp09
    [InlineData(TagKind.Video, "946876633100")] // colours of hvc1
    [InlineData(TagKind.Video, "D100")] // a command
    [InlineData(TagKind.Video, "96016176633100")] // numbered tracks
    [InlineData(TagKind.Audio, "AF01")]
    [InlineData(TagKind.Audio, "914F707573")] // Opus
    [InlineData(TagKind.Video, "916D703461")] // mp4a, as pictures
    [InlineData(TagKind.Script, "91")]
    public void All_else_comes_back_as_it_is(TagKind kind, string hex)
    {
        FlvTag tag = new(kind, 40, Convert.FromHexString(hex));
        Assert.Equal(tag, EnhancedTags.ToLegacy(tag));
    }

    [Fact]
    public void Tag_without_a_body_comes_back_as_it_is() => Assert.True(EnhancedTags.ToLegacy(new FlvTag(TagKind.Video, 40, default)).Body.IsEmpty);

    [Fact]
    public void Kind_and_time_stay()
    {
        var legacy = EnhancedTags.ToLegacy(new FlvTag(TagKind.Video, 77, EnhancedBytes.Of(0x92, "avc1")));
        Assert.Equal((TagKind.Video, 77u), (legacy.Kind, legacy.Timestamp));
    }

    [Fact]
    public void Modifiers_are_taken_out()
    {
        byte[] modifier = [2, 0, 0, 1];
        Assert.Equal("17" + "01" + "000050" + "AA", Legacy(TagKind.Video, [0x97, .. modifier, 0x01, .. "avc1"u8, 0, 0, 0x50, 0xAA]));
        Assert.Equal("AF" + "01" + "AA", Legacy(TagKind.Audio, [0x97, .. modifier, 0x01, .. "mp4a"u8, 0xAA]));
        Assert.Equal("91" + "68766331" + "000050" + "AA", Legacy(TagKind.Video, [0x97, .. modifier, 0x01, .. "hvc1"u8, 0, 0, 0x50, 0xAA]));
        Assert.Equal("91" + "4F707573" + "AA", Legacy(TagKind.Audio, [0x97, .. modifier, 0x01, .. "Opus"u8, 0xAA]));
    }

    [Fact]
    public void Head_that_cannot_be_read_is_refused() => Assert.Throws<MediaFormatException>(() => Legacy(TagKind.Video, [0x91, 0x61]));

    private static string Legacy(TagKind kind, byte[] body) => Convert.ToHexString(EnhancedTags.ToLegacy(new FlvTag(kind, 0, body)).Body.Span);
}
