using Sailfish.Server.Living;

namespace Sailfish.Tests.Server.Living;

public sealed class RoomSearchTests
{
    [Theory]
    [InlineData("Noodles", "nOODles")]
    [InlineData("Ｎｏｏｄｌｅｓ", "noodles")]
    [InlineData("𝓝oodles", "noodles")]
    [InlineData("\u00C9t\u00E9", "e\u0301te")]
    [InlineData("ﾃﾚﾋﾞ", "テレビ")]
    [InlineData("\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2", "\u03C3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C3")]
    [InlineData("no\u200Bodles", "noodles")]
    public void Names_that_people_read_alike_are_found_by_each_other(string one, string other) => Assert.Equal(RoomSearch.KeyOf(one), RoomSearch.KeyOf(other));

    [Theory]
    [InlineData("noodles", "noodle s")]
    [InlineData("旗鱼", "旗魚")]
    [InlineData("1", "l")]
    public void Names_that_are_read_differently_are_not(string one, string other) => Assert.NotEqual(RoomSearch.KeyOf(one), RoomSearch.KeyOf(other));

    [Fact]
    public void A_room_is_found_by_either_name_and_not_by_the_end_of_one_and_the_begin_of_the_other()
    {
        var key = RoomSearch.KeyOf("Night noodles", "Mia");
        foreach (var found in new[] { "night", "NOODLES", "mia", "t n" })
            Assert.Contains(RoomSearch.KeyOf(found), key, StringComparison.Ordinal);
        foreach (var missed in new[] { "noodlesmia", "noodles\u200BMia", "noodles\nmia", "noodles mia" })
            Assert.DoesNotContain(RoomSearch.KeyOf(missed), key, StringComparison.Ordinal);
    }
}
