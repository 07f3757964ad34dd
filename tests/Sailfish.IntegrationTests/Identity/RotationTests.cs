using System.Net;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Identity;

/// <summary>Another API key and another token secret, while the server runs.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RotationTests
{
    private const string Rotate = "/api/v1/apps/rotate";
    private const string Secret = "0123456789012345678901234567890123456789";

    [Fact]
    public async Task Those_of_the_settings_are_changed_there()
    {
        await using var server = await ServerProcess.StartAsync("Apps:0:AppId=5", $"Apps:0:TokenSecret=t{Secret}", $"Apps:0:ApiKey=k{Secret}");
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"k{Secret}");
        Assert.Contains("Sailfish:Apps", (await server.Http.ProblemAsync(HttpMethod.Post, Rotate, HttpStatusCode.Conflict)).Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_new_ones_are_good_and_the_old_ones_void_and_nobody_sees_them(bool isCluster)
    {
        string[] settings = isCluster ? [$"Cluster:Database={(await SharedPostgres.ServerAsync()).ConnectionString(await SharedPostgres.NewDatabaseAsync())}"] : [];
        await using var server = await ServerProcess.StartAsync(settings);
        using var folder = new TemporaryDirectory();
        var copy = Path.Combine(folder.Path, "secrets.json");
        File.Copy(Path.Combine(server.DataDir, "secrets.json"), copy);
        File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var token = await server.Http.MintAsync(10001);

        await using var cli = CliProcess.StartIn(folder.Path, null, "apps", "rotate", "--data-dir", folder.Path, "--http", $"http://127.0.0.1:{server.HttpPort}");
        Assert.Equal(0, await cli.ExitAsync());
        var said = $"{string.Join('\n', cli.Lines)}{string.Join('\n', cli.Notes)}";
        Assert.StartsWith($"app {server.AppId} has a new API key and a new token secret", said, StringComparison.Ordinal);
        var written = JsonNode.Parse(await File.ReadAllTextAsync(copy))!.AsObject();
        var app = Assert.Single(written["apps"]!.AsArray())!.AsObject();
        // All else in the file is as it was.
        Assert.Equal(isCluster ? ["copyOf", "apps"] : ["apps"], written.Select(member => member.Key));
        Assert.Equal(["appId", "name", "tokenSecret", "apiKey"], app.Select(member => member.Key));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        Assert.NotEqual(server.ApiKey, app.Text("apiKey"));
        Assert.NotEqual(server.TokenSecret, app.Text("tokenSecret"));

        await Wait.UntilAsync(async () => await StatusAsync(server, server.ApiKey) == HttpStatusCode.Unauthorized, "the old key to be void");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, app.Text("apiKey")));
        await using (var late = await server.PresentAsync(token, 10001))
            Assert.Equal("bad_token", (await late.ReceiveAsync(Code.Error)).Text("error"));
        await server.SaidAsync("what=rotate result=ok");
        foreach (var secret in new[] { app.Text("apiKey"), app.Text("tokenSecret"), server.ApiKey, server.TokenSecret })
        {
            Assert.DoesNotContain(secret, server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(ServerProcess server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/cluster");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Http.SendAsync(request);
        return response.StatusCode;
    }
}
