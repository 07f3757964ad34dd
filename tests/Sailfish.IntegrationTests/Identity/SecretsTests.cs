using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Identity;

public sealed class SecretsTests
{
    [Fact]
    public async Task Secrets_are_made_once_for_the_owner_only()
    {
        await using var server = await ServerProcess.StartAsync();
        var path = Path.Combine(server.DataDir, "secrets.json");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var text = await File.ReadAllTextAsync(path);
        var secrets = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(["apps"], secrets.Select(m => m.Key));
        var app = Assert.Single(secrets["apps"]!.AsArray())!.AsObject();
        Assert.Equal(["appId", "name", "tokenSecret", "apiKey"], app.Select(m => m.Key));
        Assert.Equal(10001, app.Number("appId"));
        Assert.Equal("default", app.Text("name"));
        // 32 random bytes each.
        Assert.True(app.Text("tokenSecret").Length >= 43);
        Assert.True(app.Text("apiKey").Length >= 43);
        Assert.NotEqual(app.Text("tokenSecret"), app.Text("apiKey"));

        var token = await server.Http.MintAsync(10001);
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Equal(text, await File.ReadAllTextAsync(path));
        await using var client = await server.PresentAsync(token, 10001);
        Assert.Equal(Code.Login, (await client.ReceiveAsync()).Code);
        Assert.Equal(["secrets.json"], Directory.GetFiles(server.DataDir, "secrets*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task Each_server_has_secrets_of_its_own()
    {
        await using var one = await ServerProcess.StartAsync();
        await using var other = await ServerProcess.StartAsync();
        Assert.NotEqual(one.TokenSecret, other.TokenSecret);
        Assert.NotEqual(one.ApiKey, other.ApiKey);
    }

    [Fact]
    public async Task No_secrets_are_made_when_apps_are_configured()
    {
        await using var server = await ServerProcess.StartAsync(
            "Apps:0:AppId=1", "Apps:0:TokenSecret=0123456789012345678901234567890123456789", "Apps:0:ApiKey=0123456789012345678901234567890123456789");
        Assert.False(File.Exists(Path.Combine(server.DataDir, "secrets.json")));
    }

    [Fact]
    public async Task A_data_folder_that_the_server_makes_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        // Relative to the working folder.
        await using var server = await ServerProcess.StartAsync("DataDir=deep/data");
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(server.DataDir, "deep", "data")));
    }
}
