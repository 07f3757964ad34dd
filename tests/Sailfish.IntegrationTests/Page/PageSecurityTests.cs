using System.Net;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Page;

/// <summary>What answers say to browsers and caches for everybody's safety.</summary>
public sealed class PageSecurityTests
{
    [Fact]
    public async Task Without_TLS_the_cookie_has_the_plain_name_and_works()
    {
        await using var server = await ServerProcess.StartAsync();
        using var client = await PageClient.SignUpAsync(server);
        var cookie = Assert.Single(client.Cookies.GetAllCookies());
        Assert.Equal(("sailfish", false, true), (cookie.Name, cookie.Secure, cookie.HttpOnly));
        Assert.True((await client.OkAsync("/home/initPage")).Flag("loginStatus"));
    }

    [Fact]
    public async Task With_CookieSecure_always_the_cookie_is_the_hosts_own_though_the_request_came_without_TLS()
    {
        await using var server = await ServerProcess.StartAsync("Accounts:CookieSecure=Always");
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false });
        var cookie = await RegisterAsync(http, $"http://127.0.0.1:{server.HttpPort}");
        AssertHostCookie(cookie);

        // Whoever holds TLS hands it back to us without.
        Assert.Contains("\"loginStatus\":true", await InitAsync(http, $"http://127.0.0.1:{server.HttpPort}", cookie));
        Assert.Contains("\"loginStatus\":false", await InitAsync(http, $"http://127.0.0.1:{server.HttpPort}", cookie.Replace("__Host-", "", StringComparison.Ordinal)));

        // Nor is a page without TLS the page's own.
        using var client = new PageClient(server);
        Assert.Equal(200, (await client.PostAsync("/home/initPage", null, $"https://127.0.0.1:{server.HttpPort}")).Code);
        Assert.Equal(403, (await client.PostAsync("/home/initPage", null, $"http://127.0.0.1:{server.HttpPort}")).Code);
    }

    [Fact]
    public async Task Over_TLS_the_cookie_is_the_hosts_own_and_browsers_are_told_to_stay_with_TLS()
    {
        using var folder = new TemporaryDirectory();
        await using var server = await ServerProcess.StartAsync(TestCertificate.Settings(folder.Path));
#pragma warning disable CA5359 // the certificate is made by the test
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false, ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
#pragma warning restore CA5359
        var root = $"https://localhost:{server.HttpPort}";
        var cookie = await RegisterAsync(http, root);
        AssertHostCookie(cookie);
        Assert.Contains("\"loginStatus\":true", await InitAsync(http, root, cookie));

        // Anybody on a connection without TLS could have set this one.
        Assert.Contains("\"loginStatus\":false", await InitAsync(http, root, cookie.Replace("__Host-", "", StringComparison.Ordinal)));
        using var answer = await http.GetAsync(new Uri($"{root}/healthz"));
        Assert.StartsWith("max-age=", answer.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task Answers_with_tokens_or_messages_are_kept_by_no_cache()
    {
        await using var server = await ServerProcess.StartAsync();
        using var client = await PageClient.SignUpAsync(server);
        foreach (var path in new[] { "/home/initPage", "/im/getImConfig", "/living/list", "/account/logout" })
            Assert.True((await client.PostAsync(path)).Http.Headers.CacheControl?.NoStore, path);
        using var token = await server.Http.PostAsync("/api/v1/tokens", PageClient.Json("""{"userId":10001}"""));
        using var messages = await server.Http.GetAsync(new Uri("/api/v1/conversations/d:10001:10002/messages", UriKind.Relative));
        using var unknown = await server.Http.GetAsync(new Uri("/api/v1/nothing", UriKind.Relative));
        Assert.All([token, messages, unknown], answer => Assert.True(answer.Headers.CacheControl?.NoStore, answer.ToString()));
        Assert.False(token.Headers.Contains("Strict-Transport-Security"));
    }

    private static async Task<string> RegisterAsync(HttpClient http, string root)
    {
        using var form = new FormUrlEncodedContent([new("name", PageClient.NewName()), new("password", PageClient.Password)]);
        using var answer = await http.PostAsync(new Uri($"{root}/account/register"), form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Assert.Single(answer.Headers.GetValues("Set-Cookie"));
    }

    private static async Task<string> InitAsync(HttpClient http, string root, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{root}/home/initPage");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var answer = await http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private static void AssertHostCookie(string cookie)
    {
        var parts = cookie.Split("; ");
        Assert.StartsWith("__Host-sailfish=", parts[0]);
        Assert.Contains("secure", parts);
        Assert.Contains("path=/", parts);
        Assert.Contains("httponly", parts);
        Assert.DoesNotContain(parts, part => part.StartsWith("domain", StringComparison.OrdinalIgnoreCase));
    }
}
