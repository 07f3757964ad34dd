using System.Net;
using Sailfish.Server.Hosting;

namespace Sailfish.Tests.Server.Hosting;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("0.0.0.0", "::", false)]
    [InlineData("fe80::1%1", "fe80::2%2", true)]
    public void Addresses_of_one_customer_count_as_one(string one, string other, bool areOne)
    {
        Assert.Equal(areOne, ClientAddress.Of(IPAddress.Parse(one)) == ClientAddress.Of(IPAddress.Parse(other)));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:0:1::99", "2001:db8:0:1::/64")]
    [InlineData("::1", "::/64")]
    public void It_says_which_it_is(string address, string said) =>
        Assert.Equal(said, ClientAddress.Of(IPAddress.Parse(address)).ToString());

    [Fact]
    public void No_address_is_one_of_its_own()
    {
        Assert.Equal("", ClientAddress.Of((IPAddress?)null).ToString());
        Assert.NotEqual(ClientAddress.Of(IPAddress.Any), ClientAddress.Of((IPAddress?)null));
    }
}
