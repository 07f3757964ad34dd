using Sailfish.Server.Text;

namespace Sailfish.Tests.Server.Text;

/// <summary>Names that people take for one another, and names that they do not.</summary>
public sealed class LooksTests
{
    [Theory]
    [InlineData("alice", "\u0430lice")]
    [InlineData("alice", "ALlCE")]
    [InlineData("alice", "alice\u3164")]
    [InlineData("alice", "a\u200Blice")]
    [InlineData("alice", "\uFF41\uFF4C\uFF49\uFF43\uFF45")]
    [InlineData("paypal", "paypa1")]
    [InlineData("google", "g00gle")]
    [InlineData("google", "G00GLE")]
    [InlineData("Ivan", "lvan")]
    [InlineData("modern", "rnodern")]
    [InlineData("admin", "\U0001D41A\U0001D41D\U0001D426\U0001D422\U0001D427")]
    [InlineData("José", "Jose\u0301")]
    [InlineData("José", "JOSÉ")]
    [InlineData("scope", "\u0455\u0441\u043E\u0440\u0435")]
    [InlineData("a b", "a\u00A0\u3000b")]
    [InlineData("👨\u200D👩", "👨👩")]
    public void They_look_alike(string one, string other)
    {
        Assert.True(new NameLook(one).IsLike(new NameLook(other)));
        Assert.True(new NameLook(other).IsLike(new NameLook(one)));
    }

    [Theory]
    [InlineData("ail", "all")]
    [InlineData("ivan", "lvan")]
    [InlineData("Bill", "Biil")]
    [InlineData("jose", "josé")]
    [InlineData("ann", "anne")]
    [InlineData("旗鱼", "旗魚")]
    [InlineData("user1", "user2")]
    [InlineData("a.b", "a-b")]
    public void They_do_not(string one, string other) => Assert.False(new NameLook(one).IsLike(new NameLook(other)));

    [Theory]
    [InlineData("System")]
    [InlineData("SYSTEM")]
    [InlineData("\u0405ystem")]
    [InlineData("sailfish")]
    [InlineData("Sai1fish")]
    [InlineData("SAlLFISH")]
    [InlineData("\u0430dmin")]
    [InlineData("Admin\u2060")]
    [InlineData("系统")]
    [InlineData("系統")]
    [InlineData("管理员")]
    [InlineData("ＳＹＳＴＥＭ")]
    [InlineData("System.")]
    [InlineData("[System]")]
    [InlineData("S y s t e m")]
    [InlineData("★ Official ★")]
    [InlineData("Official \u2705")]
    [InlineData("S\u0443stem\u0332")]
    [InlineData("\u1E60ystem")]
    [InlineData("\u00C2dmin")]
    [InlineData("ᴀᴅᴍɪɴ")]
    [InlineData("\U0001F170\U0001F173\U0001F17C\U0001F178\U0001F17D")]
    [InlineData("客 服")]
    [InlineData("官方!")]
    public void The_servers_names_are_reserved_however_they_are_written(string name) => Assert.True(new NameLook(name).IsReserved);

    [Theory]
    [InlineData("Systema")]
    [InlineData("旗鱼")]
    [InlineData("admins")]
    [InlineData("Admin Ann")]
    [InlineData("System of a Down")]
    [InlineData("System1")]
    [InlineData("Unofficial")]
    [InlineData("★")]
    public void Other_names_are_not_reserved(string name) => Assert.False(new NameLook(name).IsReserved);
}
