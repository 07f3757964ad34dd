using System.Buffers;
using System.Text;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Id_given_as_string_is_read()
    {
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes("""{"userId":"10001","appId":5,"x":[1]}"""));
        Assert.True(BodyJson.TryRead(body, BodyJson.Wire.LoginRequest, out var login));
        Assert.Equal(10001, login.UserId);
    }
}
