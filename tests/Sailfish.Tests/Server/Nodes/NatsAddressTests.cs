using Sailfish.Server.Nodes;

namespace Sailfish.Tests.Server.Nodes;

public sealed class NatsAddressTests
{
    [Theory]
    [InlineData("nats://n1:4222", "nats://n1:4222", null, null, null)]
    [InlineData("nats://n1", "nats://n1:4222", null, null, null)]
    [InlineData("tls://n1:5222/", "tls://n1:5222", null, null, null)]
    [InlineData("nats://n1:1, nats://n2:2,n3", "nats://n1:1,nats://n2:2,nats://n3:4222", null, null, null)]
    [InlineData("nats://ann:se%3Acret%2F@n1:1,nats://ann:se%3Acret%2F@n2:2", "nats://n1:1,nats://n2:2", "ann", "se:cret/", null)]
    [InlineData("nats://ann:secret@n1:1,n2:2", "nats://n1:1,nats://n2:2", "ann", "secret", null)]
    [InlineData("nats://t%40ken@n1:1", "nats://n1:1", null, null, "t@ken")]
    [InlineData("nats://[::1]:4222", "nats://[::1]:4222", null, null, null)]
    public void Addresses_are_parted_from_what_is_secret(string value, string servers, string? user, string? password, string? token)
    {
        Assert.True(NatsAddress.TryParse(value, out var address, out var problem), problem);
        Assert.Equal((servers, user, password, token), (address.Servers, address.User, address.Password, address.Token));
        Assert.Equal(value.StartsWith("tls", StringComparison.Ordinal), address.IsTls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n1:4222")]
    [InlineData("http://user:hidden@n1:4222")]
    [InlineData("nats://")]
    [InlineData("nats://user:hidden/den@n1:4222")]
    [InlineData("nats://user:hid?den@n1:4222")]
    [InlineData("nats://user:hid#den@n1:4222")]
    [InlineData("nats://n1:4222/hidden")]
    [InlineData("nats://n1:4222,tls://user:hidden@n2:4222")]
    [InlineData("nats://user:hidden@n1:4222,nats://user:other@n2:4222")]
    [InlineData("nats://n1:4222,,nats://n2:4222")]
    public void What_is_no_address_is_refused_without_telling_it(string value)
    {
        Assert.False(NatsAddress.TryParse(value, out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.DoesNotContain("hid", problem);
        Assert.DoesNotContain("other", problem);
    }

    [Theory]
    [InlineData("nats://127.0.0.1:4222", true)]
    [InlineData("nats://localhost,nats://[::1]:5", true)]
    [InlineData("nats://localhost,nats://n2", false)]
    [InlineData("nats://10.0.0.5:4222", false)]
    public void Whether_all_servers_are_on_this_machine_is_known(string value, bool isLoopback)
    {
        Assert.True(NatsAddress.TryParse(value, out var address, out _));
        Assert.Equal(isLoopback, address.IsLoopback);
        Assert.False(address.HasCredentials);
    }
}
