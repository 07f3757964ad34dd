using FsCheck.Fluent;
using Sailfish.Media.Flv;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Media.Flv;

public sealed class AvcConfigTests
{
    private const byte Baseline = 66;
    private const byte High = 100;
    private const byte High444 = 244;

    [Theory]
    [InlineData(640, 360)]
    [InlineData(1280, 720)]
    [InlineData(1920, 1080)]
    [InlineData(1080, 1920)]
    [InlineData(854, 480)]
    [InlineData(2, 2)]
    [InlineData(4096, 2160)]
    [InlineData(16_384, 16_384)]
    public void Pictures_are_as_large_as_they_are_shown(int width, int height)
    {
        Assert.Equal(new VideoSize(width, height), SizeOf(Baseline, width, height));
        Assert.Equal(new VideoSize(width, height), SizeOf(High, width, height, chroma: 1));
        Assert.Equal(new VideoSize(width, height), SizeOf(High, width, height, chroma: 2));
        Assert.Equal(new VideoSize(width, height), SizeOf(High444, width, height, chroma: 3));
        Assert.Equal(new VideoSize(width, height), SizeOf(High444, width, height, chroma: 3, isSeparate: true));
        Assert.Equal(new VideoSize(width, height), SizeOf(High, width, height, chroma: 0));
    }

    [Theory]
    [InlineData(1920, 1080)]
    [InlineData(720, 576)]
    public void Interlaced_pictures_have_the_height_of_both_fields(int width, int height)
    {
        Assert.Equal(new VideoSize(width, height), SizeOf(High, width, height, isInterlaced: true));
        Assert.Equal(new VideoSize(width, height), SizeOf(High, width, height, chroma: 0, isInterlaced: true));
    }

    [Fact]
    public void Sizes_of_any_even_numbers_are_read_whatever_stands_before_them()
    {
        var cases = from width in Gen.Choose(1, 4096)
                    from height in Gen.Choose(1, 4096)
                    from profile in Gen.Elements(Baseline, High, High444, (byte)77, (byte)122)
                    from order in Gen.Choose(0, 2)
                    from scaling in Gen.Elements(true, false)
                    from cycle in Gen.ArrayOf(Gen.Choose(-100_000, 100_000))
                    select (Width: width * 2, Height: height * 2, Profile: profile, Order: (uint)order, Scaling: scaling, Cycle: cycle);
        Properties.Hold(cases.ToArbitrary(), given =>
            Assert.Equal(new VideoSize(given.Width, given.Height), SizeOf(given.Profile, given.Width, given.Height, order: given.Order, hasScaling: given.Scaling, cycle: given.Cycle)));
    }

    /// <summary>Bits behind the size, of which there are always some, must not matter; without a bit of the size it is not read.</summary>
    [Fact]
    public void Set_that_ends_early_is_not_read()
    {
        var config = Config(Set(High, 1920, 1080));
        for (var end = 0; end < config.Length - 1; end++)
            Assert.False(AvcConfig.TryReadSize(config.AsSpan(0, end), out _));
        for (var length = 0; length < Set(High, 1920, 1080).Length - 1; length++)
            Assert.False(AvcConfig.TryReadSize(Config(Set(High, 1920, 1080)[..length]), out _));
    }

    [Theory]
    [InlineData(0)] // version
    [InlineData(5)] // count of sets
    [InlineData(8)] // kind of NAL unit
    public void Record_of_another_form_is_not_read(int at)
    {
        var config = Config(Set(High, 1920, 1080));
        config[at] = 0;
        Assert.False(AvcConfig.TryReadSize(config, out var size));
        Assert.Equal(default, size);
    }

    [Fact]
    public void Sizes_that_nothing_has_are_not_read()
    {
        Assert.Null(SizeOf(High, 16_386, 16));
        Assert.Null(SizeOf(High, 16, 16_386));
        Assert.Null(SizeOf(High, 0, 16));
        Assert.Null(SizeOf(High, 16, 0));
        Assert.Null(SizeOf(High, 16, -16));
    }

    [Fact]
    public void Numbers_over_32_bits_are_not_read()
    {
        byte[] zeros = [0x67, Baseline, 0, 30, 0, 0, 3, 0, 0, 3, 0, 0, 0x80, 0xFF, 0xFF];
        Assert.False(AvcConfig.TryReadSize(Config(zeros), out _));
        var huge = new BitWriter().Unsigned(0).Unsigned(0).Unsigned(2).Unsigned(1).Bit(false).Unsigned(uint.MaxValue - 1).Unsigned(uint.MaxValue - 1).Bits(20, 0);
        Assert.False(AvcConfig.TryReadSize(Config(huge.ToNal(0x67, Baseline, 0, 30)), out _));
    }

    [Fact]
    public void Size_is_read_from_a_sequence_header_of_legacy_and_enhanced_form_alone()
    {
        var config = Config(Set(High, 640, 360));
        Assert.Equal(new VideoSize(640, 360), SizeOf([0x17, 0, 0, 0, 0, .. config]));
        Assert.Equal(new VideoSize(640, 360), SizeOf(EnhancedBytes.Of(0x90, "avc1", config)));
        Assert.Null(SizeOf([0x17, 1, 0, 0, 0, .. config]));
        Assert.Null(SizeOf([0x1C, 0, 0, 0, 0, .. config]));
        Assert.Null(SizeOf(EnhancedBytes.Of(0x90, "hvc1", config)));
        Assert.Null(SizeOf([0x17, 0, 0, 0, 0]));
        // What was read of another body is no reason to fail.
        Assert.False(VideoSize.TryRead(TagInfo.Of(TagKind.Video, [0x17, 0, 0, 0, 0]), [0x17], out _));
    }

    [Fact]
    public void Mutated_records_are_read_or_not_and_never_throw()
    {
        var mutator = new Mutator(264, [Config(Set(High, 1920, 1080)), Config(Set(Baseline, 640, 360)), Config(Set(High444, 854, 480, 3, hasScaling: true, order: 1, cycle: [1, -1]))]);
        for (var round = 0; round < 100_000; round++)
        {
            if (AvcConfig.TryReadSize(mutator.Next(), out var size))
                Assert.True(size is { Width: >= 1 and <= VideoSize.Max, Height: >= 1 and <= VideoSize.Max });
        }
    }

    private static VideoSize? SizeOf(byte[] body) => VideoSize.TryRead(TagInfo.Of(TagKind.Video, body), body, out var size) ? size : null;

    private static VideoSize? SizeOf(
        byte profile, int width, int height, uint chroma = 1, bool isSeparate = false, bool isInterlaced = false, uint order = 0, bool hasScaling = false, int[]? cycle = null) =>
        AvcConfig.TryReadSize(Config(Set(profile, width, height, chroma, isSeparate, isInterlaced, order, hasScaling, cycle)), out var size) ? size : null;

    /// <summary><c>version, profile, compatibility, level, 4-byte lengths, one set | its length u16 | set | no picture sets</c>.</summary>
    private static byte[] Config(byte[] set) => [1, 100, 0, 31, 0xFF, 0xE1, (byte)(set.Length >> 8), (byte)set.Length, .. set, 0];

    /// <summary>A set as ITU-T H.264, section 7.3.2.1.1, has it, the size in whole macroblocks and what is too much of them cropped.</summary>
    private static byte[] Set(
        byte profile, int width, int height, uint chroma = 1, bool isSeparate = false, bool isInterlaced = false, uint order = 0, bool hasScaling = false, int[]? cycle = null)
    {
        var bits = new BitWriter().Unsigned(0);
        if (profile >= High)
            WriteHighProfile(bits, chroma, isSeparate, hasScaling);
        WriteOrder(bits.Unsigned(0), order, cycle ?? []);
        bits.Unsigned(4).Bit(false);

        var isSubsampled = profile < High || !isSeparate;
        var across = isSubsampled && (profile < High || chroma is 1 or 2) ? 2 : 1;
        var down = (isSubsampled && (profile < High || chroma == 1) ? 2 : 1) * (isInterlaced ? 2 : 1);
        var columns = Math.Max((width + 15) / 16, 1);
        var step = isInterlaced ? 32 : 16;
        var rows = Math.Max((height + step - 1) / step, 1);
        bits.Unsigned((uint)(columns - 1)).Unsigned((uint)(rows - 1)).Bit(!isInterlaced);
        if (isInterlaced)
            bits.Bit(false);
        bits.Bit(true);
        var (right, bottom) = ((columns * 16) - width, (rows * step) - height);
        bits.Bit(right + bottom > 0);
        if (right + bottom > 0)
            bits.Unsigned(0).Unsigned((uint)(right / across)).Unsigned(0).Unsigned((uint)(bottom / down));
        return bits.Bit(false).ToNal(0x67, profile, 0, 31);
    }

    private static void WriteHighProfile(BitWriter bits, uint chroma, bool isSeparate, bool hasScaling)
    {
        bits.Unsigned(chroma);
        if (chroma == 3)
            bits.Bit(isSeparate);
        bits.Unsigned(0).Unsigned(0).Bit(false).Bit(hasScaling);
        for (var list = 0; hasScaling && list < (chroma == 3 ? 12 : 8); list++)
            WriteScalingList(bits, list);
    }

    /// <summary>One list of each kind: none, whole, and ended in its middle by a scale of 0.</summary>
    private static void WriteScalingList(BitWriter bits, int list)
    {
        bits.Bit(list % 3 != 0);
        if (list % 3 == 1)
        {
            for (var at = 0; at < (list < 6 ? 16 : 64); at++)
                bits.Signed(1);
        }

        if (list % 3 == 2)
            bits.Signed(4).Signed(-12);
    }

    private static void WriteOrder(BitWriter bits, uint order, int[] cycle)
    {
        bits.Unsigned(order);
        if (order == 0)
            bits.Unsigned(2);
        if (order != 1)
            return;
        bits.Bit(true).Signed(-3).Signed(7).Unsigned((uint)cycle.Length);
        foreach (var offset in cycle)
            bits.Signed(offset);
    }
}
