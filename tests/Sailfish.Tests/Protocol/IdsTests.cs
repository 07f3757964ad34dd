using Sailfish.Protocol;

namespace Sailfish.Tests.Protocol;

public sealed class IdsTests
{
    [Theory]
    [InlineData(long.MinValue, false, false, false)]
    [InlineData(-1, false, false, false)]
    [InlineData(0, false, false, false)]
    [InlineData(1, false, true, false)]
    [InlineData(9_999, false, true, false)]
    [InlineData(10_000, true, true, false)]
    [InlineData(4_503_599_627_370_495, true, true, false)]
    [InlineData(4_503_599_627_370_496, true, true, true)]
    [InlineData(9_007_199_254_740_991, true, true, true)]
    [InlineData(9_007_199_254_740_992, false, false, false)]
    [InlineData(long.MaxValue, false, false, false)]
    public void Ranges_are_the_contracts(long id, bool user, bool room, bool guest)
    {
        Assert.Equal(guest, Ids.IsGuest(id));
        Assert.Equal(user, Ids.IsUser(id));
        Assert.Equal(room, Ids.IsRoom(id));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("10001", 10_001)]
    [InlineData("9007199254740991", 9_007_199_254_740_991)]
    public void Digits_are_read(string text, long expected)
    {
        Assert.True(Ids.TryParse(text, out var id));
        Assert.Equal(expected, id);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("١٢")]
    [InlineData("１２")]
    [InlineData("1\0")]
    [InlineData("\0")]
    [InlineData("9223372036854775808")]
    public void Anything_but_digits_is_refused(string text)
    {
        Assert.False(Ids.TryParse(text, out _));
    }
}
