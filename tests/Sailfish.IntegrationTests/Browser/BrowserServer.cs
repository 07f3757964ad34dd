using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Browser;

/// <summary>One server with the built page for the tests of a class; each test signs up people of its own.</summary>
public sealed class BrowserServer : IAsyncLifetime
{
    public ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync(
        $"Http:PageDir={PageFolder.Path}", "Accounts:AttemptsPerMinute=0", "Limits:ConnectionsPerIpPerSecond=0", "Limits:MessagesPerSecond=0", "Living:AnchorAwaySeconds=600");

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
