using Sailfish.Server.Accounts;

namespace Sailfish.Tests.Server.Accounts;

/// <summary>Names that are one, and names that are not.</summary>
public sealed class NameKeyTests
{
    [Theory]
    [InlineData("alice", "ALICE")]
    [InlineData("\u00C9va", "\u00E9va")]
    [InlineData("\uFF21\uFF42\uFF11", "ab1")]
    [InlineData("\u039F\u0394\u039F\u03A3", "\u03BF\u03B4\u03BF\u03C2")]
    [InlineData("\u13A0\u13A1", "\uAB70\uAB71")]
    [InlineData("\u0665", "\u0665")]
    [InlineData("J\u00FCrgen", "Ju\u0308rgen")]
    [InlineData("JU\u0308RGEN", "j\u00FCrgen")]
    [InlineData("\uFF25\u0301", "\u00E9")]
    [InlineData("\U00010400", "\U00010428")]
    [InlineData("\u0915\u093C", "\u0958")]
    public void Names_that_differ_by_case_or_width_have_one_key(string one, string other) =>
        Assert.Equal(NameKey.Of(one), NameKey.Of(other));

    [Theory]
    [InlineData("eva", "\u00E9va")]
    [InlineData("ann", "anne")]
    [InlineData("a.b", "ab")]
    [InlineData("a_b", "a-b")]
    [InlineData("\u0430", "a")]
    [InlineData("\u65D7\u9C7C", "\u65D7\u9B5A")]
    [InlineData("\uD55C", "\uD558")]
    [InlineData("\u0131", "i")]
    [InlineData("\u0665", "5")]
    public void Other_names_have_other_keys(string one, string other) =>
        Assert.NotEqual(NameKey.Of(one), NameKey.Of(other));

    [Fact]
    public void Every_character_has_a_key_that_is_its_own_key_and_that_of_its_other_case()
    {
        for (var c = char.MinValue; ; c++)
        {
            var key = NameKey.Of($"{c}");
            Assert.Equal(key, NameKey.Of(key));
            // Whatever case a letter is written in. The dotless i is a letter of its own, though I is its capital.
            if (char.IsLetter(c) && c != '\u0131')
                Assert.True(key == NameKey.Of($"{char.ToUpperInvariant(c)}") && key == NameKey.Of($"{char.ToLowerInvariant(c)}"), $"U+{(int)c:X4}");
            if (c == char.MaxValue)
                break;
        }
    }

    [Fact]
    public void Texts_that_are_no_names_have_keys_all_the_same()
    {
        Assert.Equal("", NameKey.Of(""));
        Assert.Equal("\uD800 \uDC00\0<b>", NameKey.Of("\uD800 \uDC00\0<B>"));
    }
}
