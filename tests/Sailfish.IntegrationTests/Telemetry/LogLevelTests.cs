using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Telemetry;

public sealed class LogLevelTests
{
    [Fact]
    public async Task A_level_in_the_settings_file_takes_effect_while_the_server_runs()
    {
        await using var server = await ServerProcess.StartAsync();
        await (await TestClient.LogInAsync(server, 10001)).DisposeAsync();
        Assert.DoesNotContain("logged in", server.Output);
        await File.WriteAllTextAsync(
            Path.Combine(server.DataDir, "appsettings.json"), """{"Logging":{"LogLevel":{"Sailfish.Server.Sessions":"Debug"}}}""");
        await Wait.UntilAsync(
            async () =>
            {
                await (await TestClient.LogInAsync(server, 10001)).DisposeAsync();
                return server.Output.Contains("logged in", StringComparison.Ordinal);
            },
            "the new level");
    }
}
