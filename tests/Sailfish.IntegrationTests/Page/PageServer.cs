using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Page;

/// <summary>One server for the tests of a class; each test signs up people of its own.</summary>
public sealed class PageServer : IAsyncLifetime
{
    public ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await ServerProcess.StartAsync("Accounts:AttemptsPerMinute=0", "Limits:ConnectionsPerIpPerSecond=0", "Limits:JoinsPerSecond=0", "Http:PageDir=/nonexistent");

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
