using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Gateway;
using Sailfish.Server.Hosting;

namespace Sailfish.Tests.Server.Gateway;

public sealed class OriginCheckTests
{
    [Theory]
    [InlineData(null, "chat.example:8086", true)]
    [InlineData("http://chat.example", "chat.example:8086", true)]
    [InlineData("https://CHAT.example:8080", "chat.example:8086", true)]
    [InlineData("http://[::1]:8080", "[::1]:8086", true)]
    [InlineData("https://friend.example", "chat.example:8086", true)]
    [InlineData("https://FRIEND.example", "chat.example:8086", true)]
    [InlineData("https://slash.example", "chat.example:8086", true)]
    [InlineData("http://friend.example", "chat.example:8086", false)]
    [InlineData("https://friend.example:444", "chat.example:8086", false)]
    [InlineData("https://friend.example.evil.example", "chat.example:8086", false)]
    [InlineData("http://chat.example.evil.example", "chat.example:8086", false)]
    [InlineData("http://evil.example/chat.example", "chat.example:8086", false)]
    [InlineData("http://chat.example@evil.example", "chat.example:8086", false)]
    [InlineData("null", "chat.example:8086", false)]
    [InlineData("", "chat.example:8086", false)]
    [InlineData("", "", false)]
    [InlineData("file://", "", false)]
    [InlineData("http://evil.example", null, false)]
    public void A_page_is_allowed_from_its_own_host_and_listed_origins(string? origin, string? host, bool isAllowed)
    {
        Assert.Equal(isAllowed, Check("https://friend.example", "https://slash.example/").IsAllowed(Request(origin, host)));
    }

    [Fact]
    public void A_star_allows_every_page()
    {
        Assert.True(Check("*").IsAllowed(Request("http://evil.example", "chat.example")));
    }

    private static OriginCheck Check(params string[] allowed) =>
        new(Options.Create(new HttpOptions { AllowedOrigins = [.. allowed] }), TimeProvider.System, NullLogger<OriginCheck>.Instance);

    private static WebSocketRequest Request(string? origin, string? host) => new() { Target = "/ws", Origin = origin, Host = host };
}
