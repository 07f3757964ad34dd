using Sailfish.Media;
using Sailfish.Media.Flv;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Media.Flv;

public sealed class TagInfoTests
{
    [Theory]
    // Legacy H.264: 7.
    [InlineData("1700000000", MediaCodec.H264, TagContent.Header, false, 5)]
    [InlineData("2700000000", MediaCodec.H264, TagContent.Header, false, 5)]
    [InlineData("1701000050", MediaCodec.H264, TagContent.Frame, true, 5)]
    [InlineData("2701FFFFB0AA", MediaCodec.H264, TagContent.Frame, false, 5)]
    [InlineData("3701000000", MediaCodec.H264, TagContent.Frame, false, 5)]
    [InlineData("4701000000", MediaCodec.H264, TagContent.Frame, false, 5)]
    [InlineData("1702000000", MediaCodec.H264, TagContent.End, false, 5)]
    [InlineData("5700", MediaCodec.H264, TagContent.Command, false, 1)]
    // HEVC by the number of no specification: 12.
    [InlineData("1C00000000", MediaCodec.Hevc, TagContent.Header, false, 5)]
    [InlineData("1C01000000", MediaCodec.Hevc, TagContent.Frame, true, 5)]
    [InlineData("2C01000000", MediaCodec.Hevc, TagContent.Frame, false, 5)]
    // Others: Sorenson's H.263, VP6, 13.
    [InlineData("12", MediaCodec.Unknown, TagContent.Frame, true, 1)]
    [InlineData("24", MediaCodec.Unknown, TagContent.Frame, false, 1)]
    [InlineData("1D00", MediaCodec.Unknown, TagContent.Frame, true, 1)]
    public void Legacy_pictures_are_told_apart(string hex, MediaCodec codec, TagContent content, bool isKey, int offset) =>
        Assert.Equal(new TagInfo(TagKind.Video, codec, content, isKey, false, false, offset), Of(TagKind.Video, hex));

    [Theory]
    [InlineData("AF00", MediaCodec.Aac, TagContent.Header, 2)]
    [InlineData("AF01", MediaCodec.Aac, TagContent.Frame, 2)]
    [InlineData("A001AA", MediaCodec.Aac, TagContent.Frame, 2)]
    [InlineData("2F", MediaCodec.Mp3, TagContent.Frame, 1)]
    [InlineData("EF", MediaCodec.Mp3, TagContent.Frame, 1)]
    [InlineData("BF", MediaCodec.Unknown, TagContent.Frame, 1)] // Speex
    [InlineData("0F", MediaCodec.Unknown, TagContent.Frame, 1)] // PCM
    [InlineData("DF00", MediaCodec.Unknown, TagContent.Frame, 1)]
    public void Legacy_sound_is_told_apart(string hex, MediaCodec codec, TagContent content, int offset) =>
        Assert.Equal(new TagInfo(TagKind.Audio, codec, content, false, false, false, offset), Of(TagKind.Audio, hex));

    [Theory]
    [InlineData("avc1", MediaCodec.H264, true)]
    [InlineData("hvc1", MediaCodec.Hevc, true)]
    [InlineData("av01", MediaCodec.Av1, false)]
    [InlineData("vp08", MediaCodec.Vp8, false)]
    [InlineData("vp09", MediaCodec.Vp9, false)]
    [InlineData("vvc1", MediaCodec.Unknown, false)]
    [InlineData("Opus", MediaCodec.Unknown, false)]
    public void Enhanced_pictures_are_told_apart_by_their_four_letters(string name, MediaCodec codec, bool hasCompositionTime)
    {
        var offset = hasCompositionTime ? 8 : 5;
        Pictures(0x90, name, TagContent.Header, false, 5);
        Pictures(0x91, name, TagContent.Frame, true, offset);
        Pictures(0xA1, name, TagContent.Frame, false, offset);
        Pictures(0x92, name, TagContent.End, false, 5);
        Pictures(0x93, name, TagContent.Frame, true, 5);
        Pictures(0xA3, name, TagContent.Frame, false, 5);
        Pictures(0x94, name, TagContent.Metadata, false, 5);
        Pictures(0x95, name, TagContent.Header, false, 5);
        // The colours of a command frame are colours (E-RTMP v2, ExVideoTagHeader).
        Pictures(0xD4, name, TagContent.Metadata, false, 5);

        void Pictures(byte first, string letters, TagContent content, bool isKey, int at) =>
            Assert.Equal(new TagInfo(TagKind.Video, codec, content, isKey, true, false, at), TagInfo.Of(TagKind.Video, EnhancedBytes.Of(first, letters, 0, 0, 0)));
    }

    [Theory]
    [InlineData("mp4a", MediaCodec.Aac)]
    [InlineData(".mp3", MediaCodec.Mp3)]
    [InlineData("Opus", MediaCodec.Opus)]
    [InlineData("ac-3", MediaCodec.Ac3)]
    [InlineData("ec-3", MediaCodec.Eac3)]
    [InlineData("fLaC", MediaCodec.Flac)]
    [InlineData("opus", MediaCodec.Unknown)]
    [InlineData("avc1", MediaCodec.Unknown)]
    public void Enhanced_sound_is_told_apart_by_its_four_letters(string name, MediaCodec codec)
    {
        Sound(0x90, TagContent.Header);
        Sound(0x91, TagContent.Frame);
        Sound(0x92, TagContent.End);
        Sound(0x94, TagContent.Metadata);

        void Sound(byte first, TagContent content) =>
            Assert.Equal(new TagInfo(TagKind.Audio, codec, content, false, true, false, 5), TagInfo.Of(TagKind.Audio, EnhancedBytes.Of(first, name)));
    }

    [Theory]
    [InlineData("D1", "00")]
    [InlineData("D0", "01")]
    [InlineData("D6", "01")]
    public void Enhanced_command_has_no_four_letters(string first, string command) =>
        Assert.Equal(new TagInfo(TagKind.Video, MediaCodec.Unknown, TagContent.Command, false, true, false, 1), Of(TagKind.Video, first + command));

    [Fact]
    public void Modifiers_before_the_packet_type_are_passed_over()
    {
        // A nanosecond offset of three bytes, then a frame; two modifiers; one of 256 bytes, whose length takes two more.
        byte[][] modifiers = [[2, 1, 2, 3, 0x01], [0, 9, 0x07, 0, 9, 0x01], [0xFF, 0, 0xFF, .. new byte[256], 0x01]];
        foreach (var modifier in modifiers)
        {
            byte[] video = [0x97, .. modifier, .. "hvc1"u8, 0, 0, 0];
            byte[] audio = [0x97, .. modifier, .. "Opus"u8];
            Assert.Equal(new TagInfo(TagKind.Video, MediaCodec.Hevc, TagContent.Frame, true, true, false, video.Length), TagInfo.Of(TagKind.Video, video));
            Assert.Equal(new TagInfo(TagKind.Audio, MediaCodec.Opus, TagContent.Frame, false, true, false, audio.Length), TagInfo.Of(TagKind.Audio, audio));
        }
    }

    [Theory]
    // One track, several of one codec, several of several: of all the first is told.
    [InlineData(TagKind.Video, "96" + "01" + "61766331" + "00" + "000000", MediaCodec.H264, true, 10)]
    [InlineData(TagKind.Video, "96" + "11" + "61766331" + "00" + "000003" + "000000", MediaCodec.H264, true, 13)]
    [InlineData(TagKind.Video, "A6" + "23" + "68766331" + "01" + "000000", MediaCodec.Hevc, false, 10)]
    [InlineData(TagKind.Audio, "95" + "01" + "4F707573" + "00", MediaCodec.Opus, false, 7)]
    [InlineData(TagKind.Audio, "95" + "11" + "4F707573" + "00" + "000000", MediaCodec.Opus, false, 10)]
    public void Several_tracks_are_told_by_their_first(TagKind kind, string hex, MediaCodec codec, bool isKey, int offset) =>
        Assert.Equal(new TagInfo(kind, codec, TagContent.Frame, isKey, true, true, offset), Of(kind, hex));

    [Fact]
    public void Script_is_metadata() => Assert.Equal(new TagInfo(TagKind.Script, MediaCodec.Unknown, TagContent.Metadata, false, false, false, 0), Of(TagKind.Script, "02"));

    [Fact]
    public void Tag_is_read_as_its_body_is()
    {
        var body = Convert.FromHexString("1701000000");
        Assert.Equal(TagInfo.Of(TagKind.Video, body), TagInfo.Of(new FlvTag(TagKind.Video, 7, body)));
        Assert.True(TagInfo.Of(TagKind.Video, body) is { IsFrame: true, IsHeader: false });
        Assert.True(Of(TagKind.Audio, "AF00") is { IsFrame: false, IsHeader: true });
    }

    [Theory]
    [InlineData(TagKind.Video, "")]
    [InlineData(TagKind.Audio, "")]
    [InlineData(TagKind.Script, "")]
    [InlineData(TagKind.Video, "17010000")]
    [InlineData(TagKind.Audio, "AF")]
    [InlineData(TagKind.Video, "1703000000")]
    [InlineData(TagKind.Audio, "AF02")]
    [InlineData(TagKind.Video, "90")]
    [InlineData(TagKind.Video, "91617663")]
    [InlineData(TagKind.Video, "91617663310000")]
    [InlineData(TagKind.Video, "9861766331")]
    [InlineData(TagKind.Audio, "934F707573")]
    [InlineData(TagKind.Audio, "96")]
    [InlineData(TagKind.Video, "97")]
    [InlineData(TagKind.Video, "97FF")]
    [InlineData(TagKind.Video, "970201020304")]
    [InlineData(TagKind.Video, "96316176633100")]
    [InlineData(TagKind.Video, "960161766331")]
    [InlineData(TagKind.Video, "96066176633100000000")]
    [InlineData(TagKind.Audio, "951161766331000000")]
    public void Body_that_ends_within_its_head_or_is_of_no_known_type_is_refused(TagKind kind, string hex) =>
        Assert.Throws<MediaFormatException>(() => Of(kind, hex));

    [Fact]
    public void Kind_that_is_none_is_the_callers_fault() => Assert.Throws<ArgumentOutOfRangeException>(() => TagInfo.Of((TagKind)7, [1]));

    [Fact]
    public void Mutated_bodies_are_told_apart_or_refused()
    {
        string[] samples = ["1701000050", "AF01AA", "9168766331000000", "97020102030161766331000000", "96116176633100000003000000", "914F707573", "D100", "951101"];
        var mutator = new Mutator(2022, [.. samples.Select(Convert.FromHexString)]);
        for (var round = 0; round < 40_000; round++)
        {
            var body = mutator.Next();
            foreach (var kind in new[] { TagKind.Audio, TagKind.Video, TagKind.Script })
            {
                Refusal.Of(() =>
                {
                    var info = TagInfo.Of(kind, body);
                    Assert.InRange(info.PayloadOffset, 0, body.Length);
                    Assert.True(!info.IsKey || (info.IsFrame && kind == TagKind.Video));
                    VideoSize.TryRead(info, body, out _);
                });
                Refusal.Of(() => Legacy(kind, body));
                StreamMetadata.TryRead(body, out _);
            }
        }
    }

    /// <summary>What is read is still the same in the legacy form, and that form has no other.</summary>
    private static void Legacy(TagKind kind, byte[] body)
    {
        FlvTag tag = new(kind, 0, body);
        var legacy = EnhancedTags.ToLegacy(tag);
        if (legacy.Body.IsEmpty)
            return;
        Assert.Equal(legacy, EnhancedTags.ToLegacy(legacy));
        var before = TagInfo.Of(tag);
        var after = TagInfo.Of(legacy);
        Assert.Equal((before.Kind, before.Codec, before.Content, before.IsKey), (after.Kind, after.Codec, after.Content, after.IsKey));
    }

    private static TagInfo Of(TagKind kind, string hex) => TagInfo.Of(kind, Convert.FromHexString(hex));
}
