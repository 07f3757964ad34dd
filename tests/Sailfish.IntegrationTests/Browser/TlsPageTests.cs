using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>The page over the server's own TLS, as a browser speaks it.</summary>
public sealed class TlsPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Two_people_sign_up_and_chat_over_the_servers_own_TLS()
    {
        using var folder = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(
            [.. TestCertificate.Settings(folder.Path), $"Http:PageDir={PageFolder.Path}"]);
        var root = $"https://localhost:{server.HttpPort}";
        await using var anna = await PagePerson.OpenAsync(browser, server, new Screen(), root);
        await using var bert = await PagePerson.OpenAsync(browser, server, new Screen(), root);
        await anna.SignUpAsync(PageClient.NewName());
        await bert.SignUpAsync(PageClient.NewName());
        await anna.WriteToAsync(bert, "over TLS");
        await bert.SeesAsync("1 unread");

        var cookie = Assert.Single(await bert.Context.CookiesAsync());
        Assert.Equal(("__Host-sailfish", true, true, "/"), (cookie.Name, cookie.Secure, cookie.HttpOnly, cookie.Path));
        Assert.Empty(anna.Faults.Concat(bert.Faults));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Two_people_sign_up_and_chat_below_a_path_of_nginx_that_has_the_TLS(string target)
    {
        await using var server = await ServerProcess.StartAsync(
            $"Http:PageDir={PageFolder.Path}", "Http:PathBase=/chat", "Http:TrustedProxies:0=127.0.0.1");
        var port = FreePort.Next();
        await using var nginx = await ProxyProcess.StartNginxAsync(server, port, target);
        await using var anna = await PagePerson.OpenAsync(browser, server, new Screen(), $"https://localhost:{port}/chat");
        await using var bert = await PagePerson.OpenAsync(browser, server, new Screen(), $"https://localhost:{port}/chat");
        await anna.SignUpAsync(PageClient.NewName());
        await anna.GoToAsync("#/me");
        await anna.SeesAsync($"--tag vip --http https://localhost:{port}/chat");
        await bert.SignUpAsync(PageClient.NewName());
        await anna.WriteToAsync(bert, "below a path");
        await bert.SeesAsync("1 unread");
        Assert.True(Assert.Single(await bert.Context.CookiesAsync()).Secure);

        // Nothing was looked for beside the path, pictures neither.
        var addresses = await bert.Page.EvaluateAsync<string[]>("performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)");
        Assert.All(addresses, address => Assert.StartsWith("/chat/", address));
        Assert.Contains(addresses, address => address.StartsWith("/chat/avatar/", StringComparison.Ordinal));
        Assert.Empty(anna.Faults.Concat(bert.Faults));
    }
}
