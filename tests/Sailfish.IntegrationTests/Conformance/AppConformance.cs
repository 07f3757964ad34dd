using System.Text.Json.Nodes;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;

namespace Sailfish.IntegrationTests.Conformance;

/// <summary>
/// The apps are made once, with secrets of their own, or are those that a file had before; from then on they stay, and stand in
/// a file of the node for its owner alone.
/// </summary>
public abstract class AppConformance : StoreConformance
{
    private const string Secret = "0123456789012345678901234567890123456789";

    private string PathOfFile => Path.Combine(Stores.Folder, SecretsFile.Name);

    [Fact]
    public async Task The_first_start_makes_an_app_and_the_others_have_the_same()
    {
        var app = Assert.Single(Stores.Apps.Load([]));
        Assert.Equal((10_001, "default"), (app.AppId, app.Name));
        // 32 random bytes each.
        Assert.Equal((43, 43), (app.TokenSecret.Length, app.ApiKey.Length));
        Assert.NotEqual(app.TokenSecret, app.ApiKey);
        await NowAndAfterReopeningAsync(() => AssertApps(Stores.Apps.Load([]), app));
    }

    [Fact]
    public async Task They_stand_in_a_file_for_its_owner_alone()
    {
        var apps = Stores.Apps.Load([]);
        await NowAndAfterReopeningAsync(() =>
        {
            Stores.Apps.Load([]);
            AssertApps(ReadFile(), [.. apps]);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOfFile));
            Assert.Equal([SecretsFile.Name], Directory.GetFiles(Stores.Folder, "secrets*").Select(Path.GetFileName));
        });
    }

    [Fact]
    public async Task Those_of_a_file_from_before_are_taken_the_first_one_first()
    {
        AppConfig[] apps = [NewApp(7, "seven 七"), NewApp(3, "three"), NewApp(5, "five")];
        SecretsFile.Write(Stores.Folder, new SecretsContent { Apps = [.. apps] });
        await NowAndAfterReopeningAsync(() =>
        {
            AssertApps(Stores.Apps.Load([]), apps);
            AssertApps(ReadFile(), apps);
        });
    }

    [Fact]
    public async Task Those_of_the_settings_are_taken_and_no_file_is_made()
    {
        AppConfig[] apps = [NewApp(7, "seven"), NewApp(3, "three")];
        await NowAndAfterReopeningAsync(() =>
        {
            AssertApps(Stores.Apps.Load(apps), apps);
            Assert.False(File.Exists(PathOfFile));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"apps\":[{")]
    [InlineData("{\"apps\":[]}")]
    [InlineData("{\"apps\":[{\"appId\":1,\"tokenSecret\":\"short\",\"apiKey\":\"" + Secret + "\"}]}")]
    public async Task A_file_that_is_no_good_is_refused_and_stays_as_it_is(string content)
    {
        await File.WriteAllTextAsync(PathOfFile, content);
        await NowAndAfterReopeningAsync(() =>
        {
            Assert.Contains(SecretsFile.Name, Assert.Throws<ConfigurationException>(() => Stores.Apps.Load([])).Message);
            Assert.Equal(content, File.ReadAllText(PathOfFile));
        });
        File.Delete(PathOfFile);
        Assert.Equal(10_001, Assert.Single(Stores.Apps.Load([])).AppId);
    }

    [Fact]
    public async Task New_secrets_of_one_app_are_its_secrets_from_then_on_and_stand_in_the_file()
    {
        SecretsFile.Write(Stores.Folder, new SecretsContent { Apps = [NewApp(7, "seven"), NewApp(3, "three")] });
        Stores.Apps.Load([]);
        AssertApps(await Stores.Apps.ReadAsync(CancellationToken.None), NewApp(7, "seven"), NewApp(3, "three"));
        var rotated = (await Stores.Apps.RotateAsync(3, CancellationToken.None))!;
        Assert.Equal((3, "three", 43, 43), (rotated.AppId, rotated.Name, rotated.TokenSecret.Length, rotated.ApiKey.Length));
        AssertApps(await Stores.Apps.ReadAsync(CancellationToken.None), NewApp(7, "seven"), rotated);
        AssertApps(ReadFile(), NewApp(7, "seven"), rotated);
        await NowAndAfterReopeningAsync(() => AssertApps(Stores.Apps.Load([]), NewApp(7, "seven"), rotated));
    }

    [Fact]
    public async Task An_app_that_is_not_there_gets_no_secrets()
    {
        var apps = Stores.Apps.Load([]);
        Assert.Null(await Stores.Apps.RotateAsync(4, CancellationToken.None));
        AssertApps(await Stores.Apps.ReadAsync(CancellationToken.None), [.. apps]);
    }

    private static AppConfig NewApp(long id, string name) => new() { AppId = id, Name = name, TokenSecret = $"token {id} {Secret}", ApiKey = $"key {id} {Secret}" };

    private static void AssertApps(IEnumerable<AppConfig> actual, params AppConfig[] expected) => Assert.Equal(expected.Select(Values), actual.Select(Values));

    private static (long, string, string, string) Values(AppConfig app) => (app.AppId, app.Name, app.TokenSecret, app.ApiKey);

    private List<AppConfig> ReadFile() =>
    [
        .. JsonNode.Parse(File.ReadAllText(PathOfFile))!["apps"]!.AsArray().Select(app => new AppConfig
        {
            AppId = app!["appId"]!.GetValue<long>(),
            Name = app["name"]!.GetValue<string>(),
            TokenSecret = app["tokenSecret"]!.GetValue<string>(),
            ApiKey = app["apiKey"]!.GetValue<string>(),
        }),
    ];
}
