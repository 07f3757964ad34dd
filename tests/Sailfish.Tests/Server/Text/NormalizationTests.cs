using Sailfish.Server.Text;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Server.Text;

public sealed class NormalizationTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain ASCII", "plain ASCII")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("u\u0308\u0304", "\u01D6")]
    [InlineData("e\u0323\u0302", "\u1EC7")]
    [InlineData("e\u0302\u0323", "\u1EC7")]
    [InlineData("\u212B\u2126\u212A", "\u00C5\u03A9K")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\uD558\u11AB", "\uD55C")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u304B\u3099", "\u304C")]
    [InlineData("a\u0334\u0301", "\u00E1\u0334")]
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]
    [InlineData("\uF900", "\u8C48")]
    [InlineData("😀\u0301", "😀\u0301")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\uFB01\uFF21", "\uFB01\uFF21")]
    public void Form_C_is_composed(string text, string composed)
    {
        Assert.Equal(composed, Normalization.ToNfc(text));
        Assert.Equal(composed, Normalization.ToNfc(composed));
    }

    [Theory]
    [InlineData("\uFB01\uFF21\u2460", "fiA1")]
    [InlineData("\u1E9B\u0323", "s\u0323\u0307")]
    [InlineData("\U0001D41A", "a")]
    [InlineData("\uD55C", "\u1112\u1161\u11AB")]
    [InlineData("\u3000", " ")]
    public void Form_KD_is_apart_and_plain(string text, string apart) =>
        Assert.Equal(apart, CodePoints.ToText(Normalization.ToNfkd(CodePoints.Of(text))));

    [Fact]
    public void Any_text_has_one_form_however_it_is_spelt() => Properties.Hold(
        Texts.Any,
        text =>
        {
            var composed = Normalization.ToNfc(text);
            var apart = CodePoints.ToText(Normalization.ToNfd(CodePoints.Of(text)));
            Assert.Equal(composed, Normalization.ToNfc(composed));
            Assert.Equal(composed, Normalization.ToNfc(apart));
            Assert.Equal(apart, CodePoints.ToText(Normalization.ToNfd(CodePoints.Of(composed))));
        },
        count: 500);

    [Fact]
    public void Every_character_has_one_form()
    {
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            var composed = Normalization.ToNfc([point]);
            Assert.Equal(composed, Normalization.ToNfc([.. composed]));
            Assert.Equal(composed, Normalization.ToNfc(Normalization.ToNfd([point])));
        }
    }

    [Fact]
    public void Half_a_pair_goes_through()
    {
        Assert.Equal("\uD800e\u0301"[..1] + "\u00E9", Normalization.ToNfc("\uD800e\u0301"));
    }
}
