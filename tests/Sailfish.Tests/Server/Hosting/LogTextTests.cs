using Sailfish.Server.Hosting;

namespace Sailfish.Tests.Server.Hosting;

public sealed class LogTextTests
{
    [Theory]
    [InlineData(null, "(none)")]
    [InlineData("", "")]
    [InlineData("http://evil.example:8080", "http://evil.example:8080")]
    [InlineData("Zoë 旗鱼 😀", "Zoë 旗鱼 😀")]
    [InlineData("a\r\nFAKE crit: x", "a\\u{D}\\u{A}FAKE crit: x")]
    [InlineData("\u001b[2J\u0007", "\\u{1B}[2J\\u{7}")]
    [InlineData("\u009b31m", "\\u{9B}31m")]
    [InlineData("a\u2028b\u202egpj\u200b", "a\\u{2028}b\\u{202E}gpj\\u{200B}")]
    [InlineData("\\u{A}", "\\u{5C}u{A}")]
    public void What_others_wrote_is_one_harmless_line(string? text, string logged) => Assert.Equal(logged, LogText.Of(text));

    [Fact]
    public void What_is_long_is_cut_at_200_characters_and_never_within_one()
    {
        Assert.Equal(new string('a', 200), LogText.Of(new string('a', 200)));
        Assert.Equal(new string('a', 200) + "…", LogText.Of(new string('a', 5000)));
        Assert.Equal(new string('a', 199) + "…", LogText.Of(new string('a', 199) + "😀"));
        Assert.Equal(new string('a', 197) + "…", LogText.Of(new string('a', 197) + "\u001b"));
    }
}
