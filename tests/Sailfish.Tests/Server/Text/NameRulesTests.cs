using System.Globalization;
using Sailfish.Server.Text;

namespace Sailfish.Tests.Server.Text;

/// <summary>Names can be seen, in every language, and are what they look like.</summary>
public sealed class NameRulesTests
{
    [Theory]
    [InlineData("José", "José")]
    [InlineData("Jose\u0301", "José")]
    [InlineData("नमस्ते", "नमस्ते")]
    [InlineData("สวัสดี", "สวัสดี")]
    [InlineData("ওয়াটার", "ওয\u09BCাটার")]
    [InlineData("தமிழ்", "தமிழ்")]
    [InlineData("한글", "한글")]
    [InlineData("اللغة", "اللغة")]
    [InlineData("旗鱼", "旗鱼")]
    [InlineData("𠮷田", "𠮷田")]
    [InlineData("𬭸某某", "𬭸某某")]
    [InlineData("a_b.c-1", "a_b.c-1")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("ශ්\u200Dරී", "ශ්\u200Dරී")]
    public void Letters_of_every_language_with_their_marks_are_an_account_name(string given, string name)
    {
        Assert.True(NameRules.TryAccountName(given, out var found));
        Assert.Equal(name, found);
        Assert.True(NameRules.TryNickName(given, out found));
        Assert.Equal(name, found);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a b")]
    [InlineData("a😀")]
    [InlineData("a\u200Bb")]
    [InlineData("a\u200Db")]
    [InlineData("a\u200Cb")]
    [InlineData("\u0301a")]
    [InlineData("1\u0301")]
    [InlineData("_\u0301a")]
    [InlineData("a\u3164")]
    [InlineData("ab\uFE0F")]
    [InlineData("ab\0")]
    [InlineData("a\u0301\u0301\u0301\u0301\u0301")]
    [InlineData("é\u0327\u0301\u0302\u0303")]
    public void What_is_no_letter_with_its_marks_is_no_account_name(string given) => Assert.False(NameRules.TryAccountName(given, out _));

    [Theory]
    [InlineData("👨\u200D👩\u200D👧")]
    [InlineData("🏳\uFE0F\u200D🌈")]
    [InlineData("👩🏽\u200D🚒")]
    [InlineData("1\uFE0F\u20E3")]
    [InlineData("❤\uFE0F")]
    [InlineData("🇨🇭")]
    [InlineData("a b")]
    [InlineData("(^_^)")]
    [InlineData("  旗鱼  ")]
    [InlineData("क्\u200Dष")]
    [InlineData("a\u0301\u0323\u0302\u0303")]
    public void Whatever_can_be_seen_is_a_nick_name(string given)
    {
        Assert.True(NameRules.TryNickName(given, out var name));
        Assert.Equal(Normalization.ToNfc(given.Trim()), name);
    }

    [Theory]
    [InlineData(0x3164)]
    [InlineData(0xFFA0)]
    [InlineData(0x115F)]
    [InlineData(0x1160)]
    [InlineData(0x2800)]
    [InlineData(0x200B)]
    [InlineData(0x200C)]
    [InlineData(0x200D)]
    [InlineData(0x200E)]
    [InlineData(0x2060)]
    [InlineData(0x2062)]
    [InlineData(0xFEFF)]
    [InlineData(0xAD)]
    [InlineData(0x180E)]
    [InlineData(0x61C)]
    [InlineData(0x17B4)]
    [InlineData(0x1D159)]
    [InlineData(0x16FE4)]
    [InlineData(0xE0061)]
    [InlineData(0xE0100)]
    [InlineData(0xFE0F)]
    [InlineData(0x202E)]
    [InlineData(0x2067)]
    [InlineData(0x301)]
    [InlineData(0x20DD)]
    [InlineData(0x93E)]
    [InlineData(0x2028)]
    [InlineData(0x7F)]
    [InlineData(0)]
    [InlineData(0xE000)]
    [InlineData(0xFFFF)]
    [InlineData(0xA0)]
    [InlineData(0x3000)]
    public void What_cannot_be_seen_is_no_name_alone_nor_several_times(int point)
    {
        var character = char.ConvertFromUtf32(point);
        Assert.False(NameRules.TryNickName(character, out _));
        Assert.False(NameRules.TryNickName(character + character, out _));
        Assert.False(NameRules.TryAccountName(character + character, out _));
        Assert.Null(NameRules.Shown(character));
    }

    [Fact]
    public void No_character_that_nobody_sees_hides_in_a_name()
    {
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            var isHidden = Visibility.IsIgnorable(point) || CharUnicodeInfo.GetUnicodeCategory(point) is
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            if (!isHidden)
                continue;
            var name = "ab" + CodePoints.ToText([point]) + "cd";
            Assert.False(NameRules.TryNickName(name, out _), $"U+{point:X4}");
            Assert.False(NameRules.TryAccountName(name, out _), $"U+{point:X4}");
        }
    }

    [Fact]
    public void Lengths_are_in_characters_of_the_composed_name()
    {
        Assert.True(NameRules.TryNickName(string.Concat(Enumerable.Repeat("😀", 32)), out _));
        Assert.False(NameRules.TryNickName(string.Concat(Enumerable.Repeat("😀", 33)), out _));
        Assert.True(NameRules.TryAccountName(string.Concat(Enumerable.Repeat("𠮷", 32)), out _));
        Assert.True(NameRules.TryAccountName(string.Concat(Enumerable.Repeat("e\u0301", 32)), out _));
        Assert.False(NameRules.TryAccountName(string.Concat(Enumerable.Repeat("e\u0301", 33)), out _));
        Assert.False(NameRules.TryNickName("", out _));
        Assert.False(NameRules.TryNickName(null, out _));
        Assert.False(NameRules.TryNickName(new string('x', 1_000_000), out _));
        Assert.Equal(512, NameRules.Shown(new string('x', 512))?.Length);
        Assert.False(NameRules.TryNickName("a\uD83D", out _));
    }
}
