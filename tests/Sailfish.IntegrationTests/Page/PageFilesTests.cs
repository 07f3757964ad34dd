using System.IO.Compression;
using System.Net;
using System.Text;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Page;

/// <summary>The built page's files.</summary>
public sealed class PageFilesTests
{
    [Fact]
    public async Task Without_a_built_page_the_server_tells_how_to_build_it()
    {
        await using var server = await ServerProcess.StartAsync("Http:PageDir=/nonexistent");
        using var client = new PageClient(server);
        using var response = await client.GetAsync("/");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("npm", text);
        Assert.Contains("dotnet run", text);
    }

    [Fact]
    public async Task A_built_page_is_served_with_caching_compression_and_a_policy_and_nothing_beside_it()
    {
        using var folder = new TemporaryDirectory();
        var page = Directory.CreateDirectory(Path.Combine(folder.Path, "page")).FullName;
        Directory.CreateDirectory(Path.Combine(page, "assets"));
        var script = string.Concat(Enumerable.Repeat("console.log('sailfish');\n", 500));
        await File.WriteAllTextAsync(Path.Combine(page, "index.html"), "<!doctype html><title>built</title>" + new string(' ', 2000));
        await File.WriteAllTextAsync(Path.Combine(page, "assets", "app-abc.js"), script);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "secret.txt"), "beside the page");
        await using var server = await ServerProcess.StartAsync($"Http:PageDir={page}");
        using var client = new PageClient(server);

        using (var index = await client.GetAsync("/"))
        {
            Assert.Equal((HttpStatusCode.OK, "text/html"), (index.StatusCode, index.Content.Headers.ContentType?.MediaType));
            Assert.Equal("no-cache", index.Headers.CacheControl?.ToString());
            var policy = index.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'self'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.StartsWith("camera=(self), microphone=(self), display-capture=(self), ", index.Headers.GetValues("Permissions-Policy").Single());
            Assert.Equal("nosniff", index.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.StartsWith("<!doctype html><title>built</title>", await index.Content.ReadAsStringAsync());
        }

        using (var asset = await client.GetAsync("/assets/app-abc.js"))
        {
            Assert.Equal((HttpStatusCode.OK, "text/javascript"), (asset.StatusCode, asset.Content.Headers.ContentType?.MediaType));
            Assert.Equal("public, max-age=31536000, immutable", asset.Headers.CacheControl?.ToString());
            Assert.Equal(script, await asset.Content.ReadAsStringAsync());
        }

        foreach (var encoding in new[] { "br", "gzip" })
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.HttpPort}/assets/app-abc.js");
            request.Headers.Add("Accept-Encoding", encoding);
            using var response = await http.SendAsync(request);
            Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", response.Headers.Vary);
            await using var packed = await response.Content.ReadAsStreamAsync();
            await using Stream unpacked = encoding == "br" ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
            using var reader = new StreamReader(unpacked);
            Assert.Equal(script, await reader.ReadToEndAsync());
        }

        foreach (var path in new[] { "/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%5c..%5csecret.txt", "//secret.txt", "/secret.txt" })
        {
            await using var socket = await RawSocket.ConnectAsync(server.HttpPort);
            await socket.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            var answer = Encoding.UTF8.GetString(await socket.ReadToEndAsync());
            Assert.Matches("^HTTP/1.1 40[04] ", answer);
            Assert.DoesNotContain("beside the page", answer);
        }

        // The API stands beside the page as ever.
        Assert.False((await client.OkAsync("/home/initPage")).Flag("loginStatus"));
        using var unknown = await client.GetAsync("/assets/app-old.js");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }
}
