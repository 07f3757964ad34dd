using Sailfish.Server.Text;

namespace Sailfish.Tests.Server.Text;

public sealed class CharactersTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("x", true)]
    [InlineData("xxx", true)]
    [InlineData("xxxx", false)]
    [InlineData("😀😀😀", true)]
    [InlineData("😀😀😀😀", false)]
    [InlineData("😀x𠮷", true)]
    [InlineData("xxxxxxx", false)]
    public void Characters_are_code_points(string? text, bool isOneToThree) => Assert.Equal(isOneToThree, Characters.IsOneTo(text, 3));

    [Theory]
    [InlineData("", "")]
    [InlineData("abc", "abc")]
    [InlineData("abcd", "abc")]
    [InlineData("ab😀", "ab")]
    [InlineData("a😀b", "a😀")]
    public void What_is_cut_ends_with_a_whole_character(string text, string first) => Assert.Equal(first, Characters.First(text, 3));

    [Fact]
    public void Half_a_pair_and_U0000_are_not_stored()
    {
        Assert.All([null, "", "😀 \u0001 \uFFFF \U0010FFFF"], text => Assert.True(Characters.AreStorable(text)));
        Assert.All(["a\0", "\uD83D", "😀\uDE00", "\uDE00\uD83D", "😀\uD83Dx"], text => Assert.False(Characters.AreStorable(text)));
    }
}
