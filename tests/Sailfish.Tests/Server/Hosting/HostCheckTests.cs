using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Tests.Server.Hosting;

public sealed class HostCheckTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("192.168.1.5", true)]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:8080", true)]
    [InlineData("chat.localhost:8080", true)]
    [InlineData("", false)]
    [InlineData(null, true)]
    [InlineData("evil.example", false)]
    [InlineData("evil.example:8080", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("evil.example/127.0.0.1", false)]
    [InlineData("a b", false)]
    public void Bound_to_loopback_only_its_names_and_addresses_are_served(string? host, bool isAllowed)
    {
        Assert.Equal(isAllowed, Check("127.0.0.1").IsAllowed(host));
        Assert.Equal(isAllowed, Check("localhost").IsAllowed(host));
        Assert.Equal(isAllowed, Check("::1").IsAllowed(host));
    }

    [Theory]
    [InlineData("chat.example:8086", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("evil.example/x", false)]
    public void Bound_to_other_interfaces_every_host_is_served_that_is_one(string host, bool isAllowed) =>
        Assert.Equal(isAllowed, Check("0.0.0.0").IsAllowed(host));

    [Theory]
    [InlineData("chat.example", true)]
    [InlineData("CHAT.example:443", true)]
    [InlineData("a.friends.example", true)]
    [InlineData("friends.example", false)]
    [InlineData("evilfriends.example", false)]
    [InlineData("chat.example.evil.example", false)]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    public void A_list_is_all_that_is_served(string host, bool isAllowed)
    {
        Assert.Equal(isAllowed, Check("127.0.0.1", "chat.example", "*.friends.example").IsAllowed(host));
        Assert.Equal(isAllowed, Check("0.0.0.0", "chat.example", "*.friends.example").IsAllowed(host));
        Assert.True(Check("127.0.0.1", "*").IsAllowed(host));
    }

    private static HostCheck Check(string bind, params string[] allowed) =>
        new(Options.Create(new HttpOptions { AllowedHosts = [.. allowed] }), Options.Create(new ServerOptions { Bind = bind }));
}
