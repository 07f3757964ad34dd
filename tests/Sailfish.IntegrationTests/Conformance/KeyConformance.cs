using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>The keys of cookies are kept as they are, each under its name.</summary>
public abstract class KeyConformance : StoreConformance
{
    private IXmlRepository Keys => Stores.Keys;

    [Fact]
    public async Task Keys_come_back_as_they_went_in()
    {
        Assert.Empty(Keys.GetAllElements());
        Keys.StoreElement(Key(1), "key-1");
        Keys.StoreElement(Key(2), "key-2");
        await NowAndAfterReopeningAsync(() => AssertSame([Key(1).ToString(), Key(2).ToString()], Keys.GetAllElements().Select(key => key.ToString())));
    }

    [Theory]
    [InlineData("你好 👩\u200D👩\u200D👧 e\u0301")]
    [InlineData("'; DROP TABLE message; -- \" \\ <&> ]]>")]
    public async Task A_key_may_hold_any_text(string text)
    {
        Keys.StoreElement(new XElement("key", new XAttribute("word", text), text), "key");
        await NowAndAfterReopeningAsync(() =>
        {
            var key = Assert.Single(Keys.GetAllElements());
            Assert.Equal((text, text), (key.Value, key.Attribute("word")!.Value));
        });
    }

    [Fact]
    public async Task Of_many_that_are_stored_at_once_all_are_there()
    {
        await AtOnceAsync(caller =>
        {
            Keys.StoreElement(Key(caller), $"key-{caller}");
            return Task.CompletedTask;
        });
        AssertSame(Enumerable.Range(0, Callers).Select(i => Key(i).ToString()), Keys.GetAllElements().Select(key => key.ToString()));
    }

    private static XElement Key(int number) => new("key", new XAttribute("id", number), new XElement("value", $"secret {number}"));
}
