namespace Sailfish.IntegrationTests.Harness;

/// <summary>One server for all tests of a class that leave it as they found it.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public ServerProcess Server { get; private set; } = null!;

    /// <summary>Without the limits that many tests on one address would run into.</summary>
    public async ValueTask InitializeAsync() =>
        Server = await ServerProcess.StartAsync("Limits:ConnectionsPerIpPerSecond=0", "Limits:MessagesPerSecond=0", "Limits:JoinsPerSecond=0", "Limits:SyncsPerSecond=0");

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
